import type { Outcome } from "../check.ts";
import { evidenceLines, problemLines } from "./evidence.ts";

/** The outcome as JUnit XML: a failure for what failed, an error for what is unknown, skipped for what does not apply. */
export function junit(outcomes: readonly Outcome[], cluster: string, problem: string | undefined): string {
  const count = (verdict: Outcome["verdict"]) => outcomes.filter((one) => one.verdict === verdict).length;
  const seconds = outcomes.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="verify ${escaped(cluster)}" tests="${outcomes.length + (problem === undefined ? 0 : 1)}" failures="${count("failed")}" errors="${count("unknown") + (problem === undefined ? 0 : 1)}" skipped="${count("not applicable")}" time="${seconds}">`,
    ...(problem === undefined ? [] : [notRun(problem)]),
    ...outcomes.map(testCase),
    "</testsuite>",
    "",
  ].join("\n");
}

function notRun(problem: string): string {
  return `  <testcase classname="verify" name="the checks are run" time="0"><error message="not run">${escaped(problem)}</error></testcase>`;
}

function testCase(outcome: Outcome): string {
  const { name, title, seconds } = outcome;
  return `  <testcase classname="verify" name="${escaped(name)}: ${escaped(title)}" time="${seconds.toFixed(3)}">${result(outcome)}</testcase>`;
}

function result({ verdict, findings }: Outcome): string {
  const problems = escaped(problemLines(findings).join("\n"));
  if (verdict === "failed") return `<failure message="failed">${problems}</failure>`;
  if (verdict === "unknown") return `<error message="unknown">${problems}</error>`;
  if (verdict === "not applicable") return `<skipped message="${escaped(findings[0]?.evidence ?? "")}"/>`;
  return `<system-out>${escaped(evidenceLines(findings).join("\n"))}</system-out>`;
}

/** XML 1.0 has no place for other control characters, not even escaped. */
function escaped(text: string): string {
  return [...text]
    .filter((one) => one >= " " || one === "\n" || one === "\t")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
