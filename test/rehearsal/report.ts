import { columns, wrapped } from "../../infra/commands/shared/arguments.ts";
import { type CostItem, costAssumptions, monthlyCost, totalUsd } from "../../infra/commands/shared/cost.ts";
import type { GraphResource } from "../../infra/commands/shared/graph.ts";
import { duration } from "../../infra/commands/shared/progress.ts";
import { changeText } from "./changes/changeText.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { countsOf } from "./reports/dataOf.ts";
import { counted, labelWithout, minutes, shortName } from "./reports/labels.ts";
import { destroySchedule, upSchedule } from "./timeline/estimate.ts";
import { criticalPath, type Scheduled, totalSeconds } from "./timeline/schedule.ts";

/** Maximum width of names in the timeline; the bars take the rest of the line. */
const nameWidth = 38;

/** Characters of a line of the timeline that are neither name nor bar: ` * `, two spaces and `10m19s → 11m34s`. */
const otherWidth = 20;

/** Steps shorter than this are left out of the timeline; they are counted. */
const shortSeconds = 10;

/** The report of a rehearsal, for a terminal. */
export function report(rehearsal: Rehearsal): string {
  const { resources, change } = rehearsal;
  const parts = [
    ...(rehearsal.warnings.length === 0 ? [] : [warned(rehearsal.warnings)]),
    ...(change === undefined ? standing(rehearsal) : [changeText(change)]),
    ...(resources.length === 0 ? [] : [checks(rehearsal)]),
    ...(rehearsal.leftBehind === undefined ? [] : [leftBehind(rehearsal.leftBehind)]),
    verdict(rehearsal),
  ];
  return parts.map((lines) => lines.flatMap(fitted).join("\n")).join("\n\n");
}

/** A line that is too long continues with the same indentation. */
export function fitted(line: string): string[] {
  const [indent = ""] = /^ */.exec(line) ?? [];
  const [mark = ""] = /^(?:[✓✗!*] )?/.exec(line.slice(indent.length)) ?? [];
  const begin = indent + mark;
  return line.length <= columns ? [line] : wrapped(line.slice(begin.length), begin, `${indent}  `);
}

function warned(warnings: readonly string[]): string[] {
  return ["The program warns", ...warnings.map((one) => `   ! ${one}`)];
}

/** The sections about a stack that comes up. */
function standing(rehearsal: Rehearsal): string[][] {
  const { resources } = rehearsal;
  return resources.length === 0 ? [] : [timeline(rehearsal), counts(rehearsal), cost(resources)];
}

function timeline({ resources, settings }: Rehearsal): string[] {
  const label = labelWithout(settings.cluster.name);
  const schedule = upSchedule(resources);
  const total = totalSeconds(schedule);
  const path = criticalPath(schedule);
  const onPath = new Set(path.map(({ id }) => id));
  const steps = [...schedule.values()].filter(({ seconds }) => seconds > 0);
  const [long, short] = byLength(steps);
  const width = Math.min(nameWidth, Math.max(...long.map(({ id }) => label(id).length)));
  return [
    "Timeline of a first `pulumi up` on AWS, estimated from typical durations",
    ...long
      .toSorted((a, b) => a.startSeconds - b.startSeconds)
      .map((event) => {
        const mark = onPath.has(event.id) ? "*" : " ";
        const times = `${minutes(event.startSeconds)} → ${minutes(event.endSeconds)}`;
        return ` ${mark} ${column(label(event.id), width)} ${bar(event, total, columns - otherWidth - width)} ${times}`;
      }),
    ...(short.length === 0 ? [] : [`   and ${counted(short.length, "step")} of less than ${shortSeconds} s`]),
    `   total ${minutes(total)}; a destroy takes ${minutes(totalSeconds(destroySchedule(resources)))}`,
    "",
    "Critical path (*), which determines the total time",
    ...pathLines(path, label),
  ];
}

function bar({ startSeconds, endSeconds }: Scheduled, total: number, barWidth: number): string {
  const from = Math.min(barWidth - 1, Math.floor((startSeconds / total) * barWidth));
  const to = Math.max(from + 1, Math.round((endSeconds / total) * barWidth));
  return `${" ".repeat(from)}${"█".repeat(to - from)}`.padEnd(barWidth);
}

function pathLines(path: readonly Scheduled[], label: (id: string) => string): string[] {
  const [long, short] = byLength(path);
  const seconds = short.reduce((sum, one) => sum + one.seconds, 0);
  return [
    ...long.map((event) => `   ${minutes(event.seconds).padStart(6)}  ${label(event.id)}`),
    ...(short.length === 0
      ? []
      : [
          `   ${minutes(seconds).padStart(6)}  ${counted(short.length, "step")} of less than ${shortSeconds} s`,
        ]),
  ];
}

function byLength(events: readonly Scheduled[]): [long: Scheduled[], short: Scheduled[]] {
  return [
    events.filter(({ seconds }) => seconds >= shortSeconds),
    events.filter(({ seconds }) => seconds < shortSeconds),
  ];
}

function counts({ resources, previewed }: Rehearsal): string[] {
  const { aws, kubernetes, providers, components, total } = countsOf(resources);
  const hidden = total - Object.values(previewed).reduce((sum: number, one = 0) => sum + one, 0);
  return [
    "Resources",
    `   ${aws} in AWS, ${kubernetes} in the cluster, ${counted(providers, "provider")}, ${counted(components, "component")} and the stack: ${total}`,
    ...(hidden > 0
      ? [`   a preview shows ${total - hidden}: the contents of a chart are known once there is a cluster`]
      : []),
  ];
}

function cost(resources: readonly GraphResource[]): string[] {
  const items = monthlyCost(resources);
  const unknown = items.filter(({ usdPerMonth }) => usdPerMonth === undefined);
  const line = ({ what, quantity, unit, usdPerMonth }: CostItem) =>
    `   ${(usdPerMonth?.toFixed(2) ?? "unknown").padStart(9)}  ${quantity} ${unit === undefined ? "×" : `${unit} of`} ${what}`;
  return [
    "Cost per month, in US dollars",
    ...items.map(line),
    `   ${totalUsd(items).toFixed(2).padStart(9)}  total${unknown.length > 0 ? ", without what is unknown" : ""}`,
    ...costAssumptions(resources).map((one) => `   ${one}`),
  ];
}

function checks({ checks: all }: Rehearsal): string[] {
  return [
    "Checked on the simulated cluster",
    ...all.map(({ name, failures }) => `   ${failures.length === 0 ? "✓" : "✗"} ${name}`),
  ];
}

function leftBehind(all: readonly string[]): string[] {
  return [
    "Left behind after destroy",
    ...(all.length === 0 ? ["   nothing"] : all.map((one) => `   ${one}`)),
  ];
}

function verdict({ problems, deadlocks, timedOut, until }: Rehearsal): string[] {
  if (problems.length === 0) return [`Rehearsal passed (through ${until}).`];
  return [
    "Rehearsal failed",
    ...problems.map((one) => `   ${one.replaceAll("\n", "\n   ")}`),
    ...deadlocks.map(
      ({ waiting, blocked }) =>
        `   deadlock: ${shortName(waiting.urn)} waits for ${waiting.what}; ${shortName(blocked)}, which would bring it, depends on ${shortName(waiting.urn)}`,
    ),
    ...(timedOut.length === 0
      ? []
      : [
          "   what timed out:",
          ...timedOut.map(
            ({ urn, what, timeoutSeconds }) =>
              `     ${shortName(urn)} after ${duration(timeoutSeconds * 1000)}: ${what}`,
          ),
        ]),
  ];
}

function column(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
