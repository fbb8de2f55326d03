import jstat from "jstat";
import { mean, median, sampleStandardDeviation, sampleVariance } from "simple-statistics";

/** Summary of repeated runs of one measurement. Unit: that of the values. */
export interface Sample {
  readonly count: number;
  readonly median: number;
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
    spread: all.length < 2 || middle === 0 ? 0 : sampleStandardDeviation(all) / Math.abs(middle),
  };
}

const { studentt } = jstat.jStat;

/** Ratio of two quantities, with its confidence. */
export interface Ratio {
  /** Of the geometric means. */
  readonly ratio: number;
  /** Ends of the confidence interval. */
  readonly low: number;
  readonly high: number;
  /** Probability of a difference at least as large if there were none; two-sided. */
  readonly pValue: number;
}

/** Minimum number of runs of each side to estimate a spread. */
const fewestRuns = 3;

/**
 * Ratio of two sets of runs by Welch's t-test on the logarithms: a difference of logarithms is a ratio, runs of
 * one side may spread more than those of the other, and a ratio and its inverse get the same answer.
 * @param confidence share of such intervals that hold the true ratio, 0 to 1
 * @returns undefined when there are too few runs, or a value is not above zero
 */
export function ratioOf(
  values: readonly number[],
  reference: readonly number[],
  confidence: number,
): Ratio | undefined {
  if (Math.min(values.length, reference.length) < fewestRuns) return undefined;
  if ([...values, ...reference].some((value) => !(value > 0))) return undefined;
  const [mine, theirs] = [logarithms(values), logarithms(reference)];
  const difference = mine.mean - theirs.mean;
  const error = Math.sqrt(mine.squaredError + theirs.squaredError);
  if (error === 0) {
    const ratio = Math.exp(difference);
    return { ratio, low: ratio, high: ratio, pValue: difference === 0 ? 1 : 0 };
  }
  const freedom =
    (mine.squaredError + theirs.squaredError) ** 2 /
    (mine.squaredError ** 2 / (values.length - 1) + theirs.squaredError ** 2 / (reference.length - 1));
  const margin = studentt.inv(1 - (1 - confidence) / 2, freedom) * error;
  return {
    ratio: Math.exp(difference),
    low: Math.exp(difference - margin),
    high: Math.exp(difference + margin),
    pValue: 2 * studentt.cdf(-Math.abs(difference / error), freedom),
  };
}

/**
 * Confidence of each of several intervals, so that all of them together hold with the requested one (Bonferroni).
 * Among forty comparisons at 95 % two would differ by chance alone.
 */
export function confidenceOfEach(together: number, comparisons: number): number {
  return 1 - (1 - together) / Math.max(1, comparisons);
}

function logarithms(values: readonly number[]): { mean: number; squaredError: number } {
  const logs = values.map(Math.log);
  return { mean: mean(logs), squaredError: sampleVariance(logs) / logs.length };
}
