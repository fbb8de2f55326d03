import { cell } from "../../../infra/commands/shared/escape.ts";
import { table } from "./labels.ts";
import type { FaultsData, SurvivedData } from "./reportData.ts";

/** Names that a cell holds before it only counts. */
const manyNames = 6;

/** The injected faults and what recovery required, as Markdown. */
export function faultSection({ survived, commands }: FaultsData, passed: boolean): string[] {
  return [
    passed ? "## Faults survived" : "## Faults",
    "",
    ...table(
      ["fault", "occurred", "on", "also required"],
      survived.map((one) => [cell(one.fault), times(one.times), names(one.on), took(one)]),
    ),
    "",
    "<details><summary>Every command, in order</summary>",
    "",
    ...table(
      ["command", "", "what went wrong, and what was done"],
      commands.map(({ command, outcome, notes }) => [
        cell(command),
        outcome,
        notes.map((note) => cell(note)).join("<br>"),
      ]),
    ),
    "",
    "</details>",
  ];
}

function times(number: number): string {
  if (number === 0) return "never";
  return number === 1 ? "once" : `${number} times`;
}

function names(on: readonly string[]): string {
  const [shown, rest] = [on.slice(0, manyNames), on.slice(manyNames)];
  const more = rest.length === 0 ? [] : [`and ${rest.length} more`];
  return [...shown.map((name) => cell(name)), ...more].join("<br>");
}

function took({ took: all }: SurvivedData): string {
  if (all.length === 0) return "nothing";
  return all.map(({ command, times: number }) => `${number} × ${cell(command)}`).join("<br>");
}
