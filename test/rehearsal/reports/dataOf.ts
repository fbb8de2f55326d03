import { costAssumptions, monthlyCost, totalUsd } from "../../../infra/commands/shared/cost.ts";
import type { GraphResource } from "../../../infra/commands/shared/graph.ts";
import type { Rehearsal } from "../rehearsal.ts";
import { destroySchedule, upSchedule } from "../timeline/estimate.ts";
import { criticalPath, type Scheduled, totalSeconds } from "../timeline/schedule.ts";
import { labelWithout, nameWithout, shortName } from "./labels.ts";
import type { CostData, CountData, Part, ReportData, StepData, TimeData } from "./reportData.ts";

/** What a report contains in addition to the rehearsal's result. */
export interface ReportContext {
  /** The stack file as the user named it. */
  readonly stackFile: string;
  readonly until: string;
  readonly parts: readonly Part[];
}

/** The report of a rehearsal that ran, passed or failed. */
export function dataOf(rehearsal: Rehearsal, context: ReportContext): ReportData {
  const { problems, warnings, deadlocks, timedOut, resources, checks, leftBehind, settings } = rehearsal;
  const there = resources.length > 0;
  return {
    version: 1,
    passed: problems.length === 0,
    ...context,
    problems,
    warnings,
    deadlocks: deadlocks.map(({ waiting, blocked }) => ({
      waiting: shortName(waiting.urn),
      waitsFor: waiting.what,
      blocked: shortName(blocked),
    })),
    timedOut: timedOut.map(({ urn, what, timeoutSeconds }) => ({
      resource: shortName(urn),
      waitsFor: what,
      seconds: timeoutSeconds,
    })),
    counts: there ? countsOf(resources) : null,
    time: there ? timeOf(rehearsal) : null,
    cost: there ? costOf(resources) : null,
    checks,
    leftBehind: leftBehind ?? null,
    change: rehearsal.change ?? null,
    resources: resources.map(({ urn, type, custom, parent, dependsOn }) => ({
      urn,
      type,
      name: nameWithout(settings.cluster.name, urn),
      custom,
      parent: parent ?? null,
      dependsOn,
    })),
    faults: rehearsal.faults ?? null,
  };
}

/** The report of a rehearsal that ended before it had results. */
export function dataOfFailure(problem: string, context: ReportContext): ReportData {
  return {
    version: 1,
    passed: false,
    ...context,
    problems: [problem],
    warnings: [],
    deadlocks: [],
    timedOut: [],
    counts: null,
    time: null,
    cost: null,
    checks: [],
    leftBehind: null,
    change: null,
    resources: [],
    faults: null,
  };
}

/** Resources as the CLI counts them after an `up`: without the default providers of the engine. */
export function countsOf(all: readonly GraphResource[]): CountData {
  const resources = all.filter(({ type, name }) => !isDefaultProvider(type, name));
  const custom = resources.filter((one) => one.custom);
  const of = (prefix: string) => custom.filter(({ type }) => type.startsWith(prefix)).length;
  const types = resources.map(({ type }) => type).toSorted();
  return {
    total: resources.length,
    aws: of("aws:"),
    kubernetes: of("kubernetes:"),
    providers: of("pulumi:providers:"),
    components: resources.filter((one) => !one.custom && one.type !== "pulumi:pulumi:Stack").length,
    byType: Object.fromEntries(
      [...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]),
    ),
  };
}

function isDefaultProvider(type: string, name: string): boolean {
  return type.startsWith("pulumi:providers:") && /^default(_|$)/.test(name);
}

function timeOf({ resources, settings }: Rehearsal): TimeData {
  const label = labelWithout(settings.cluster.name);
  const placed = upSchedule(resources);
  const path = criticalPath(placed);
  const onPath = new Set(path.map(({ id }) => id));
  const step = ({ id, startSeconds, seconds }: Scheduled): StepData => {
    const [urn = ""] = id.split("#");
    const where = inCluster(id) ? "cluster" : "AWS";
    return { name: label(id), urn, where, startSeconds, seconds, critical: onPath.has(id) };
  };
  return {
    upSeconds: totalSeconds(placed),
    destroySeconds: totalSeconds(destroySchedule(resources)),
    steps: [...placed.values()]
      .filter(({ seconds }) => seconds > 0)
      .map(step)
      .toSorted((a, b) => a.startSeconds - b.startSeconds),
    criticalPath: path.map(step),
  };
}

/** Nodes become Ready by what runs in the cluster, though an AWS resource waits for it. */
function inCluster(id: string): boolean {
  const type = id.split("::")[2]?.split("$").at(-1) ?? "";
  return type.startsWith("kubernetes:") || id.endsWith("#nodes Ready");
}

function costOf(resources: readonly GraphResource[]): CostData {
  const items = monthlyCost(resources);
  return {
    currency: "USD",
    perMonth: totalUsd(items),
    complete: items.every(({ usdPerMonth }) => usdPerMonth !== undefined),
    items: items.map(({ what, quantity, unit, usdPerMonth }) => ({
      what,
      quantity,
      unit: unit ?? null,
      perMonth: usdPerMonth ?? null,
    })),
    assumptions: costAssumptions(resources),
  };
}
