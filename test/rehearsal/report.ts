import { duration } from "./progress.ts";
import type { Rehearsal } from "./rehearse.ts";
import { costAssumptions, monthlyCost, totalUsd } from "./timeline/cost.ts";
import { destroySchedule, upSchedule } from "./timeline/estimate.ts";
import { type GraphResource, nameOf } from "./timeline/graph.ts";
import { criticalPath, type Scheduled, totalSeconds } from "./timeline/schedule.ts";

/** Widths of the timeline's columns, in characters. */
const barWidth = 32;
const nameWidth = 46;

/** Steps shorter than this are left out of the timeline; they are counted. */
const shortSeconds = 10;

/** The report of a rehearsal, for a terminal. */
export function report(rehearsal: Rehearsal): string {
  const { resources } = rehearsal;
  const parts = [
    ...(resources.length === 0
      ? []
      : [timeline(rehearsal), counts(resources), cost(resources), checks(rehearsal)]),
    ...(rehearsal.leftBehind === undefined ? [] : [leftBehind(rehearsal.leftBehind)]),
    verdict(rehearsal),
  ];
  return parts.map((lines) => lines.join("\n")).join("\n\n");
}

function timeline({ resources, settings }: Rehearsal): string[] {
  const label = labelWithout(settings.cluster.name);
  const schedule = upSchedule(resources);
  const total = totalSeconds(schedule);
  const long = [...schedule.values()]
    .filter(({ seconds }) => seconds >= shortSeconds)
    .toSorted((a, b) => a.startSeconds - b.startSeconds);
  const path = criticalPath(schedule);
  const onPath = new Set(path.map(({ id }) => id));
  const bar = ({ startSeconds, endSeconds }: Scheduled) => {
    const from = Math.floor((startSeconds / total) * barWidth);
    const to = Math.max(from + 1, Math.round((endSeconds / total) * barWidth));
    return `${" ".repeat(from)}${"█".repeat(to - from)}`.padEnd(barWidth);
  };
  return [
    "Timeline of a first `pulumi up` on AWS, estimated from typical durations (components/facts/durations.ts)",
    ...long.map((event) => {
      const mark = onPath.has(event.id) ? "*" : " ";
      return ` ${mark} ${column(label(event.id))} ${bar(event)} ${minutes(event.startSeconds)} → ${minutes(event.endSeconds)}`;
    }),
    `   ${schedule.size - long.length} further steps of less than ${shortSeconds} s`,
    `   in all ${minutes(total)}; a destroy takes ${minutes(totalSeconds(destroySchedule(resources)))}`,
    "",
    "Critical path (*), which alone decides how long it takes",
    `   ${path.map((event) => `${label(event.id)} (${minutes(event.seconds)})`).join(" → ")}`,
  ];
}

function counts(resources: readonly GraphResource[]): string[] {
  const custom = resources.filter((one) => one.custom);
  const of = (prefix: string) => custom.filter(({ type }) => type.startsWith(prefix)).length;
  const others = custom.length - of("aws:") - of("kubernetes:");
  return [
    "Resources",
    `   ${resources.length}: ${of("aws:")} in AWS, ${of("kubernetes:")} in the cluster, ${others} providers, ${resources.length - custom.length} components`,
  ];
}

function cost(resources: readonly GraphResource[]): string[] {
  const items = monthlyCost(resources);
  const unknown = items.filter(({ usdPerMonth }) => usdPerMonth === undefined);
  const line = ({ what, quantity, usdPerMonth }: (typeof items)[number]) =>
    `   ${(usdPerMonth === undefined ? "unknown" : usdPerMonth.toFixed(2)).padStart(9)}  ${quantity} × ${what}`;
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
        `   deadlock: ${nameOf(waiting.urn)} waits for ${waiting.what}; ${nameOf(blocked)}, which would bring it, depends on ${nameOf(waiting.urn)}`,
    ),
    ...(timedOut.length === 0
      ? []
      : [
          "   what timed out:",
          ...timedOut.map(
            ({ urn, what, timeoutSeconds }) =>
              `     ${nameOf(urn)} after ${duration(timeoutSeconds * 1000)}: ${what}`,
          ),
        ]),
  ];
}

/** `urn…::name#milestone` → `kind name: milestone`; names without what all share, the cluster's name. */
function labelWithout(clusterName: string): (id: string) => string {
  return (id) => {
    const [urn = "", milestone] = id.split("#");
    const name = nameOf(urn).replace(new RegExp(`^${clusterName}-?`), "");
    const kind = urn.split("::")[2]?.split(":").at(-1) ?? "";
    return [kind, name, ...(milestone === undefined ? [] : [`· ${milestone}`])]
      .filter((part) => part !== "")
      .join(" ");
  };
}

function column(text: string): string {
  return text.length > nameWidth ? `${text.slice(0, nameWidth - 1)}…` : text.padEnd(nameWidth);
}

/** `12m05s`. */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}m${String(Math.round(seconds % 60)).padStart(2, "0")}s`;
}
