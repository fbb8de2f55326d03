import type { GraphResource } from "../../../infra/commands/shared/graph.ts";
import { durations, milestones } from "../../simulator/durations.ts";
import { inClusterSeconds } from "../timeline/estimate.ts";
import { type Event, type Schedule, schedule } from "../timeline/schedule.ts";
import { type Change, type Notice, noticesOf } from "./noticed.ts";
import type { Step } from "./steps.ts";

/** Milestones that calico-node, kube-proxy or a node pass one after the other or all at once. */
const { calicoNodeStart, instanceBoot, nodeDrain, podStart } = milestones;

/**
 * When each step of a change ends on AWS: typical durations and the order of the engine, in which unchanged resources
 * take no time, and deletions come last.
 * @param resources the state after the change, which decides the order
 */
export function changeSchedule(
  steps: readonly Step[],
  resources: readonly GraphResource[],
  change: Change,
): Schedule {
  const byUrn = new Map(steps.map((step) => [step.urn, step]));
  const kept = resources.map((one): Event => {
    const step = byUrn.get(one.urn);
    const children = one.custom ? [] : resources.filter(({ parent }) => parent === one.urn);
    return {
      id: one.urn,
      after: [...one.dependsOn, ...children.map(({ urn }) => urn)],
      seconds: step === undefined ? 0 : secondsOf(step, change),
    };
  });
  const there = new Set(resources.map(({ urn }) => urn));
  const gone = steps
    .filter(({ urn }) => !there.has(urn))
    .map((step): Event => ({ id: step.urn, after: [...there], seconds: secondsOf(step, change) }));
  return schedule([...kept, ...gone]);
}

/** Seconds of one step, waits included. */
function secondsOf(step: Step, change: Change): number {
  const waits = noticesOf(step, change).map((notice) => waitOf(notice, change.to.nodePools));
  return Math.max(plain(step), gateWait(step, change), ...waits);
}

/** Seconds of what must happen on the nodes before a step counts as done. */
function waitOf(notice: Notice, pools: Change["to"]["nodePools"]): number {
  const nodes = nodesOf(pools);
  const third = Math.max(1, Math.floor(nodes / 3));
  switch (notice) {
    case "operatorUpgraded":
      return milestones.operatorStart.seconds;
    case "kubeProxyStarts":
      return podStart.seconds;
    case "coreDnsRolled":
      return 2 * podStart.seconds;
    case "nodesReplaced":
      return Math.ceil(nodes / third) * (instanceBoot.seconds + calicoNodeStart.seconds + nodeDrain.seconds);
    default:
      return 0;
  }
}

/** calico-node is rolled one node at a time, and a gate waits for it: on the way to eBPF the first, else the second. */
function gateWait({ type }: Step, { from, to }: Change): number {
  const switches = from.calico.dataplane !== to.calico.dataplane;
  const rolls =
    switches ||
    from.calico.version !== to.calico.version ||
    from.observability.flows !== to.observability.flows;
  const toBpf = switches && to.calico.dataplane === "BPF";
  const waits = toBpf
    ? type.endsWith(":FelixConfigurationPatch")
    : rolls && type.endsWith(":InstallationPatch");
  return waits ? nodesOf(to.nodePools) * calicoNodeStart.seconds : 0;
}

function nodesOf(pools: Change["to"]["nodePools"]): number {
  return Object.values(pools).reduce((sum, { size }) => sum + size.desired, 0);
}

function plain({ type, operation }: Step): number {
  const row = Object.hasOwn(durations, type) ? durations[type as keyof typeof durations] : undefined;
  if (row === undefined) return type.startsWith("kubernetes:") ? inClusterSeconds : 0;
  if (operation.startsWith("delete")) return row.delete;
  return operation === "update" ? ("update" in row ? row.update : 1) : row.create;
}
