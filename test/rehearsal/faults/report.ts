import { fitted } from "../report.ts";
import { counted } from "../reports/labels.ts";
import type { CommandData, SurvivedData } from "../reports/reportData.ts";
import type { FaultyRehearsal } from "./rehearseFaults.ts";

/** The report of a rehearsal with faults, for a terminal. */
export function faultReport({ faults, checks, problems }: FaultyRehearsal): string {
  const parts = [
    ["What happened", ...faults.commands.flatMap(commandLines)],
    ["Faults", ...faults.survived.map(line)],
    ["Result", ...checks.map(({ name, failures }) => `   ${failures.length === 0 ? "✓" : "✗"} ${name}`)],
    problems.length === 0
      ? ["Rehearsal passed: it converged after all faults."]
      : ["Rehearsal failed", ...problems.map((one) => `   ${one.replaceAll("\n", "\n   ")}`)],
  ];
  return parts.map((lines) => lines.flatMap(fitted).join("\n")).join("\n\n");
}

function commandLines({ command, outcome, notes }: CommandData): string[] {
  return [`   ${command}: ${outcome}`, ...notes.map((note) => `     ${note}`)];
}

function line({ fault, times, took }: SurvivedData): string {
  const commands = took.map(({ command, times: number }) => `${number} × ${command}`).join(", ");
  return `   ${fault}: occurred ${counted(times, "time")}; required ${commands === "" ? "nothing" : commands}`;
}
