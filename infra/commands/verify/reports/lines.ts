import { counted } from "../../../../components/values/problem.ts";
import type { Check, Outcome } from "../check.ts";
import { evidenceLines, problemLines } from "./evidence.ts";

/** Evidence of a check that passed is told in so many parts at most. */
const mostShown = 3;

/** Lines of one problem that are told; the reports in files have all. */
const mostProblems = 10;

const marks = { passed: "✓", failed: "✗", unknown: "?", "not applicable": "-" } as const;

/** What a check came to: one line, and, where it did not pass, what that means and what to do. */
export function outcomeLines(
  { name, verdict, findings }: Outcome,
  { meaning, cure }: Check,
  nameWidth: number,
): string[] {
  const head = `${marks[verdict]} ${name.padEnd(nameWidth)}`;
  const below = " ".repeat(nameWidth + 3);
  if (verdict === "not applicable") return [`${head} not applicable: ${findings[0]?.evidence ?? ""}`];
  if (verdict === "passed") {
    const lines = evidenceLines(findings);
    const more = lines.length > mostShown ? [`and ${lines.length - mostShown} more`] : [];
    return [`${head} ${[...lines.slice(0, mostShown), ...more].join("; ")}`];
  }
  const problems = problemLines(findings);
  const more = problems.length > mostProblems ? [`and ${problems.length - mostProblems} more`] : [];
  const [first = "", ...others] = [...problems.slice(0, mostProblems), ...more];
  const advice =
    verdict === "failed"
      ? [`It means: ${meaning}`, `To do: ${cure}`, `More: docs/troubleshooting.md#${name}`]
      : ["It could not be told; nothing is known to be wrong."];
  return [`${head} ${first}`, ...[...others, ...advice].map((line) => `${below}${line}`)];
}

/** How many checks came to what, and what it took. */
export function summaryLine(outcomes: readonly Outcome[], calls: number, seconds: number): string {
  const count = (verdict: Outcome["verdict"]) => outcomes.filter((one) => one.verdict === verdict).length;
  const parts = (["passed", "failed", "unknown", "not applicable"] as const)
    .map((verdict) => `${count(verdict)} ${verdict}`)
    .join(", ");
  return `${counted(outcomes.length, "check")}: ${parts}; ${calls} requests in ${seconds.toFixed(1)} s`;
}

/** Every check with what it needs and its source. */
export function checkList(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap(({ name, title, needs, source }) => [
    `${name.padEnd(width)}  ${title}`,
    `${" ".repeat(width)}  needs ${needs.join(", ")}; source: ${source}`,
  ]);
}
