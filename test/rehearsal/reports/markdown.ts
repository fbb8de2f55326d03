import { cell, codeBlock } from "../../../infra/commands/shared/escape.ts";
import { changeMarkdown } from "../changes/changeText.ts";
import { faultSection } from "./faultSection.ts";
import { gantt, shortSeconds, shown } from "./gantt.ts";
import { counted, kindOf, minutes, table } from "./labels.ts";
import type { CostData, CountData, ReportData, TimeData } from "./reportData.ts";

/** The report of a rehearsal for a pull request, with diagrams that GitHub renders. One that failed says so first. */
export function markdown(data: ReportData): string {
  const { change, time, counts, cost } = data;
  const sections = [
    heading(data),
    summary(data),
    ...(data.warnings.length === 0 ? [] : [warningSection(data.warnings)]),
    ...(change === null ? [] : [changeMarkdown(change)]),
    ...(data.faults === null ? [] : [faultSection(data.faults, data.passed)]),
    ...(time === null ? [] : [timeline(time), criticalPath(time)]),
    ...(counts === null ? [] : [resourceSection(counts)]),
    ...(cost === null ? [] : [costSection(cost)]),
    ...(data.checks.length === 0 ? [] : [checks(data)]),
    ...(data.leftBehind === null ? [] : [leftBehind(data.leftBehind)]),
    parts(data),
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading({ passed, problems, deadlocks, timedOut, stackFile, until }: ReportData): string[] {
  if (passed) return [`# Rehearsal passed: ${cell(stackFile)} (through ${until})`];
  const waits = [
    ...deadlocks.map(
      ({ waiting, waitsFor, blocked }) =>
        `deadlock: ${waiting} waits for ${waitsFor}; ${blocked}, which would bring it, depends on ${waiting}`,
    ),
    ...timedOut.map(
      ({ resource, waitsFor, seconds }) => `timed out: ${resource} after ${minutes(seconds)}: ${waitsFor}`,
    ),
  ];
  return [
    `# Rehearsal failed: ${cell(stackFile)}, ${counted(problems.length, "problem")}`,
    "",
    ...codeBlock([...problems, ...waits].join("\n")),
  ];
}

function summary({ time, counts, cost, checks: all, leftBehind: left }: ReportData): string[] {
  const held = all.filter(({ failures }) => failures.length === 0).length;
  const rows = [
    ...(time === null
      ? []
      : [
          ["first `pulumi up`", minutes(time.upSeconds)],
          ["`pulumi destroy`", minutes(time.destroySeconds)],
        ]),
    ...(counts === null ? [] : [["resources", String(counts.total)]]),
    ...(cost === null ? [] : [["cost per month", `${cost.perMonth.toFixed(2)} USD${partly(cost)}`]]),
    ...(all.length === 0 ? [] : [["checks that hold", `${held} of ${all.length}`]]),
    ...(left === null ? [] : [["left behind", left.length === 0 ? "nothing" : String(left.length)]]),
  ];
  if (rows.length === 0) return ["No `up` finished, so there is no more to show."];
  return table(["", ""], rows);
}

function warningSection(warnings: readonly string[]): string[] {
  return ["## Warnings of the program", "", ...warnings.map((one) => `- ${cell(one)}`)];
}

function timeline(time: TimeData): string[] {
  const hidden = time.steps.length - shown(time.steps).length;
  return [
    "## Timeline",
    "",
    "Estimated from typical durations on AWS (`test/simulator/durations.ts`). Red: the critical path.",
    ...(hidden === 0 ? [] : [`${counted(hidden, "step")} of less than ${shortSeconds} s not shown.`]),
    "",
    ...mermaid(gantt(time)),
  ];
}

function criticalPath({ criticalPath: path }: TimeData): string[] {
  return [
    "## Critical path",
    "",
    "It determines the total time.",
    "",
    ...table(
      ["step", "starts", "takes"],
      path.map(({ name, startSeconds, seconds }) => [cell(name), minutes(startSeconds), minutes(seconds)]),
    ),
  ];
}

function resourceSection(counts: CountData): string[] {
  const { aws, kubernetes, providers, components, total, byType } = counts;
  return [
    "## Resources",
    "",
    `${aws} in AWS, ${kubernetes} in the cluster, ${counted(providers, "provider")}, ${counted(components, "component")} and the stack: ${total}.`,
    "",
    "<details><summary>By type</summary>",
    "",
    ...table(
      ["type", "", "number"],
      Object.entries(byType).map(([type, number]) => [cell(kindOf(type)), cell(type), String(number)]),
    ),
    "",
    "</details>",
  ];
}

function costSection(cost: CostData): string[] {
  const rows = cost.items.map(({ what, quantity, unit, perMonth }) => [
    cell(`${quantity} ${unit === null ? "×" : `${unit} of`} ${what}`),
    perMonth?.toFixed(2) ?? "unknown",
  ]);
  return [
    "## Cost",
    "",
    ...table(
      ["item", "USD per month"],
      [...rows, ["**total**", `**${cost.perMonth.toFixed(2)}**${partly(cost)}`]],
    ),
    "",
    ...cost.assumptions.map((one) => `- ${one}`),
  ];
}

function partly({ complete }: CostData): string {
  return complete ? "" : ", without what is unknown";
}

function checks({ checks: all, faults }: ReportData): string[] {
  return [
    "## Checks",
    "",
    faults === null
      ? "Checked on the simulated cluster after `up`."
      : "Checked once the faults were over, after the last `up` and after `destroy`.",
    "",
    ...table(
      ["", "check", "where it does not hold"],
      all.map(({ name, failures }) => [
        failures.length === 0 ? "✓" : "✗",
        cell(name),
        failures.map(cell).join("<br>"),
      ]),
    ),
  ];
}

function leftBehind(all: readonly string[]): string[] {
  return [
    "## Left behind after destroy",
    "",
    ...(all.length === 0 ? ["Nothing."] : all.map((one) => `- ${cell(one)}`)),
  ];
}

function parts({ parts: all }: ReportData): string[] {
  return [
    "## What was real",
    "",
    ...table(
      ["part", "", ""],
      all.map(({ name, real, detail }) => [cell(name), real ? "real" : "simulated", cell(detail)]),
    ),
  ];
}

function mermaid(diagram: string): string[] {
  return ["```mermaid", diagram, "```"];
}
