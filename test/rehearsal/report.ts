import { changeText } from "./changes/changeText.ts";
import { duration } from "./progress.ts";
import type { Rehearsal } from "./rehearse.ts";
import { counted, labelWithout, minutes, shortName } from "./reports/labels.ts";
import { whyDifferent } from "./reports/whyDifferent.ts";
import { type CostItem, costAssumptions, monthlyCost, totalUsd } from "./timeline/cost.ts";
import { destroySchedule, upSchedule } from "./timeline/estimate.ts";
import type { GraphResource } from "./timeline/graph.ts";
import { compare, lowerBound } from "./timeline/lowerBound.ts";
import { criticalPath, type Scheduled, totalSeconds } from "./timeline/schedule.ts";

/** Widths of the timeline's columns, in characters; names take as much as the longest needs, up to this. */
const barWidth = 32;
const nameWidth = 46;

/** Steps shorter than this are left out of the timeline; they are counted. */
const shortSeconds = 10;

/** The report of a rehearsal, for a terminal. */
export function report(rehearsal: Rehearsal): string {
  const { resources, change } = rehearsal;
  const parts = [
    ...(change === undefined ? standing(rehearsal) : [changeText(change)]),
    ...(resources.length === 0 ? [] : [checks(rehearsal)]),
    ...(rehearsal.leftBehind === undefined ? [] : [leftBehind(rehearsal.leftBehind)]),
    verdict(rehearsal),
  ];
  return parts.map((lines) => lines.join("\n")).join("\n\n");
}

/** What there is to say of a stack that comes up. */
function standing(rehearsal: Rehearsal): string[][] {
  const { resources } = rehearsal;
  return resources.length === 0 ? [] : [timeline(rehearsal), counts(resources), cost(resources)];
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
    "Timeline of a first `pulumi up` on AWS, estimated from typical durations (components/facts/durations.ts)",
    ...long
      .toSorted((a, b) => a.startSeconds - b.startSeconds)
      .map((event) => {
        const mark = onPath.has(event.id) ? "*" : " ";
        const times = `${minutes(event.startSeconds)} → ${minutes(event.endSeconds)}`;
        return ` ${mark} ${column(label(event.id), width)} ${bar(event, total)} ${times}`;
      }),
    ...(short.length === 0 ? [] : [`   and ${counted(short.length, "step")} of less than ${shortSeconds} s`]),
    `   in all ${minutes(total)}; a destroy takes ${minutes(totalSeconds(destroySchedule(resources)))}`,
    "",
    "Critical path (*), which alone decides how long it takes",
    ...pathLines(path, label),
    "",
    ...boundLines(path, settings, label),
  ];
}

function bar({ startSeconds, endSeconds }: Scheduled, total: number): string {
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

/** What AWS and Calico would let be faster, step by step. */
function boundLines(
  path: readonly Scheduled[],
  settings: Rehearsal["settings"],
  label: (id: string) => string,
): string[] {
  const { bound, seconds, ratio, differences } = compare(path, lowerBound(settings));
  return [
    `Lower bound, by what AWS and Calico force: ${minutes(bound.seconds)}; the estimate is ${ratio.toFixed(3)} times that`,
    ...(differences.length === 0
      ? []
      : [`   ${minutes(seconds - bound.seconds).padStart(6)}  above it in all, namely`]),
    ...differences.map(
      (one) => `   ${minutes(one.seconds).padStart(6)}  ${label(one.id)}: ${whyDifferent(one, label)}`,
    ),
  ];
}

function byLength(events: readonly Scheduled[]): [long: Scheduled[], short: Scheduled[]] {
  return [
    events.filter(({ seconds }) => seconds >= shortSeconds),
    events.filter(({ seconds }) => seconds < shortSeconds),
  ];
}

function counts(resources: readonly GraphResource[]): string[] {
  const custom = resources.filter((one) => one.custom);
  const of = (prefix: string) => custom.filter(({ type }) => type.startsWith(prefix)).length;
  const providers = custom.length - of("aws:") - of("kubernetes:");
  // The stack is a component that holds everything.
  const components = resources.length - custom.length - 1;
  return [
    "Resources",
    `   ${of("aws:")} in AWS, ${of("kubernetes:")} in the cluster, ${counted(providers, "provider")}, ${counted(components, "component")} and the stack: ${resources.length}`,
  ];
}

function cost(resources: readonly GraphResource[]): string[] {
  const items = monthlyCost(resources);
  const unknown = items.filter(({ usdPerMonth }) => usdPerMonth === undefined);
  const line = ({ what, quantity, unit, usdPerMonth }: CostItem) =>
    `   ${(usdPerMonth?.toFixed(2) ?? "unknown").padStart(9)}  ${quantity} ${unit === undefined ? "×" : `${unit} of`} ${what}`;
  return [
    "Cost a month, in US dollars",
    ...items.map(line),
    `   ${totalUsd(items).toFixed(2).padStart(9)}  in all${unknown.length > 0 ? ", without what is unknown" : ""}`,
    ...costAssumptions.map((one) => `   ${one}`),
  ];
}

function checks({ checks: all }: Rehearsal): string[] {
  return [
    "Seen on the simulated cluster",
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
  if (problems.length === 0) return [`Rehearsal passed, as far as ${until}.`];
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
