import { mean, median, quantile, sampleStandardDeviation } from "simple-statistics";

/** What repeated runs of one measurement come to. Unit: that of the values. */
export interface Sample {
  readonly count: number;
  readonly median: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  /** Standard deviation as a share of the mean; 0 for a single value. */
  readonly spread: number;
}

/** @throws Error when there are no values: nothing is known then */
export function sampleOf(values: readonly number[]): Sample {
  if (values.length === 0) throw new Error("no values");
  const all = [...values];
  const middle = mean(all);
  return {
    count: all.length,
    median: median(all),
    mean: middle,
    least: quantile(all, 0),
    most: quantile(all, 1),
    spread: all.length < 2 || middle === 0 ? 0 : sampleStandardDeviation(all) / Math.abs(middle),
  };
}
