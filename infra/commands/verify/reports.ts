import { groupedBy, nodesText } from "../../../components/checks/existing/nodes.ts";
import { counted } from "../../../components/values/problem.ts";
import type { Check, Finding, Outcome } from "./check.ts";

/** Equal findings in one line: a thousand nodes need one line. */
function evidenceLines(findings: readonly Finding[]): string[] {
  return groupedBy(findings, ({ evidence, node }) => JSON.stringify([evidence, node === undefined])).map(
    ([, group]) => {
      const names = group.flatMap(({ node }) => node ?? []);
      const evidence = group[0]?.evidence ?? "";
      if (names.length === 0) return evidence;
      return `${names.length > 1 ? `${names.length} nodes` : nodesText(names)}: ${evidence}`;
    },
  );
}

/** The same for failed and unknown findings, with the nodes' names. */
function problemLines(findings: readonly Finding[]): string[] {
  const wrong = findings.filter(({ verdict }) => verdict !== "passed");
  return groupedBy(wrong, ({ evidence, node }) => JSON.stringify([evidence, node === undefined])).map(
    ([, group]) => {
      const names = group.flatMap(({ node }) => node ?? []);
      const evidence = group[0]?.evidence ?? "";
      return names.length === 0 ? evidence : `${nodesText(names)}: ${evidence}`;
    },
  );
}

/** Maximum number of parts of a passed check's evidence. */
const mostShown = 3;

/** Maximum number of printed lines per problem; the report files have all. */
const mostProblems = 10;

const marks = { passed: "✓", failed: "✗", unknown: "?", "not applicable": "-" } as const;

/** The result of a check: one line, and, where it did not pass, what that means and what to do. */
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
      ? [`Meaning: ${meaning}`, `Fix: ${cure}`, `More: docs/troubleshooting.md#${name}`]
      : ["Could not be checked; nothing is known to be wrong."];
  return [`${head} ${first}`, ...[...others, ...advice].map((line) => `${below}${line}`)];
}

/** The number of checks per result, with requests and duration. */
export function summaryLine(outcomes: readonly Outcome[], calls: number, seconds: number): string {
  const count = (verdict: Outcome["verdict"]) => outcomes.filter((one) => one.verdict === verdict).length;
  const parts = (["passed", "failed", "unknown", "not applicable"] as const)
    .map((verdict) => `${count(verdict)} ${verdict}`)
    .join(", ");
  return `${counted(outcomes.length, "check")}: ${parts}; ${calls} requests in ${seconds.toFixed(1)} s`;
}

/** Every check with its permissions and source. */
export function checkList(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks.flatMap(({ name, title, needs, source }) => [
    `${name.padEnd(width)}  ${title}`,
    `${" ".repeat(width)}  needs ${needs.join(", ")}; source: ${source}`,
  ]);
}

/** The results as JUnit XML: failed is a failure, unknown an error, not applicable skipped. */
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
  return `  <testcase classname="verify" name="the checks run" time="0"><error message="not run">${escaped(problem)}</error></testcase>`;
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

/** XML 1.0 does not allow other control characters, not even escaped. */
function escaped(text: string): string {
  return [...text]
    .filter((one) => one >= " " || one === "\n" || one === "\t")
    .join("")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Output of `--json`. */
export interface VerifyData {
  /** `stack dev`, or the kubeconfig's file. */
  readonly cluster: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why the run was incomplete; undefined: it was complete. */
  readonly problem?: string;
  readonly passed: boolean;
  /** Requests to the API server and to EC2. */
  readonly requests: number;
  readonly checks: readonly (Outcome & Pick<Check, "cure" | "meaning" | "source">)[];
}

/** The results for `--json`. */
export function verifyData(
  checks: readonly Check[],
  {
    outcomes,
    ...rest
  }: Omit<VerifyData, "at" | "checks"> & { readonly outcomes: readonly Outcome[]; readonly now: Date },
): VerifyData {
  const { now, ...given } = rest;
  return {
    ...given,
    at: now.toISOString(),
    checks: outcomes.flatMap((outcome) =>
      checks
        .filter(({ name }) => name === outcome.name)
        .map(({ cure, meaning, source }) => ({ ...outcome, cure, meaning, source })),
    ),
  };
}
