import { minutes } from "../rehearsal/reports/labels.ts";
import type { ReportData } from "../rehearsal/reports/reportData.ts";
import type { Figure } from "./measure.ts";

/** How much longer a first `up` takes than AWS and Calico force, by the report of a rehearsal. */
export function timelineFigure({ time }: ReportData): Figure {
  if (time === null) throw new Error("the rehearsal's report has no timeline");
  const { lowerBound, upSeconds } = time;
  const causes = lowerBound.differences
    .toSorted((a, b) => b.seconds - a.seconds)
    .map(({ name, seconds }) => `${name} (${seconds} s)`);
  return {
    name: "time to ready of dev ÷ lower bound",
    found: lowerBound.ratio,
    limit: 1.05,
    unit: "",
    detail: `${minutes(upSeconds)} against ${minutes(lowerBound.seconds)}; not forced there: ${causes.join(", ")}`,
  };
}
