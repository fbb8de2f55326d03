import type { FaultyRehearsal } from "./rehearseFaults.ts";

/** The report of a rehearsal in which something went wrong, for a terminal. */
export function faultReport({ story, checks, problems }: FaultyRehearsal): string {
  const parts = [
    ["What happened", ...story.map((line) => `   ${line}`)],
    [
      "What came of it",
      ...checks.map(({ name, failures }) => `   ${failures.length === 0 ? "✓" : "✗"} ${name}`),
    ],
    problems.length === 0
      ? ["Rehearsal passed: it converged after all that went wrong."]
      : ["Rehearsal failed", ...problems.map((one) => `   ${one.replaceAll("\n", "\n   ")}`)],
  ];
  return parts.map((lines) => lines.join("\n")).join("\n\n");
}
