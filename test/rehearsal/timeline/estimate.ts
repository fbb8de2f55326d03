import { isKarpenterPool } from "../../../infra/commands/shared/cost.ts";
import type { GraphResource } from "../../../infra/commands/shared/graph.ts";
import { durations, milestones } from "../../simulator/durations.ts";
import { type Event, type Schedule, schedule } from "./schedule.ts";

type Known = keyof typeof durations;

/** Seconds of an object inside the cluster: one call. */
export const inClusterSeconds = 1;

const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";

/**
 * When each resource of a first `up` would be complete on AWS: typical durations, the engine's own dependencies, and the
 * waits that happen at run time. Ids are URNs; milestones inside a resource have a suffix.
 */
export function upSchedule(resources: readonly GraphResource[]): Schedule {
  return schedule(resources.flatMap((one) => eventsOf(one, resources)));
}

/** When each resource of a `destroy` would be gone. What is deleted with the cluster keeps its place, and takes no time. */
export function destroySchedule(resources: readonly GraphResource[]): Schedule {
  const events = resources.map(({ urn, type, deletedWith }) => ({
    id: urn,
    after: resources.filter((one) => one.dependsOn.includes(urn) || one.parent === urn).map((one) => one.urn),
    seconds: deletedWith === undefined ? secondsToDelete(type) : 0,
  }));
  return schedule(events);
}

/** A NodePool goes when Karpenter's nodes have: there is at least one wherever a pod did not fit. */
function secondsToDelete(type: string): number {
  if (isKarpenterPool({ type })) return milestones.karpenterNodeEnd.seconds;
  return isKnown(type) ? durations[type].delete : 0;
}

/** The state of a component is written before its children's; what depends on it waits for the children, too. */
function registered(urn: string): string {
  return `${urn}#registered`;
}

/** Milestone of the operator's Deployment, which need not wait for it. */
const runs = (urn: string) => `${urn}#runs`;

/** Milestones of a node group. */
const joined = (urn: string) => `${urn}#first node joins`;
const ready = (urn: string) => `${urn}#nodes Ready`;

function eventsOf(resource: GraphResource, all: readonly GraphResource[]): Event[] {
  const { urn, type, custom } = resource;
  const after = [
    ...resource.dependsOn,
    ...(resource.parent === undefined ? [] : [registered(resource.parent)]),
  ];
  if (!custom) {
    const children = all.filter(({ parent }) => parent === urn).map((child) => child.urn);
    return [
      { id: registered(urn), after, seconds: 0 },
      { id: urn, after: [registered(urn), ...children], seconds: 0 },
    ];
  }
  if (type === nodeGroupType) return nodeGroup(urn, after, all);
  const nodeGroups = all.filter((one) => one.type === nodeGroupType).map((one) => one.urn);
  if (isOperator(resource)) {
    const { seconds } = milestones.operatorStart;
    const afterAny = nodeGroups.map(joined);
    return isAwaited(resource)
      ? [{ id: urn, after, afterAny, seconds }]
      : [
          { id: urn, after, seconds: inClusterSeconds },
          { id: runs(urn), after: [urn], afterAny, seconds },
        ];
  }
  // A child of a component may have a parent that is a custom resource.
  return [
    { id: registered(urn), after, seconds: 0 },
    { id: urn, after: [registered(urn)], seconds: secondsToCreate(type) },
  ];
}

function nodeGroup(urn: string, after: readonly string[], all: readonly GraphResource[]): Event[] {
  const installation = all.filter(({ type }) => type.endsWith(":Installation")).map((one) => one.urn);
  const operator = all.filter(isOperator).map((one) => runs(one.urn));
  return [
    { id: joined(urn), after, seconds: milestones.instanceBoot.seconds },
    {
      id: ready(urn),
      after: [joined(urn), ...installation, ...operator],
      seconds: milestones.calicoNodeStart.seconds,
    },
    { id: urn, after: [ready(urn)], seconds: milestones.nodeGroupPolling.seconds },
  ];
}

function isOperator({ type, name }: GraphResource): boolean {
  return type === "kubernetes:apps/v1:Deployment" && name.endsWith("/tigera-operator");
}

function isAwaited({ inputs }: GraphResource): boolean {
  const { annotations } = (inputs["metadata"] ?? {}) as { annotations?: Readonly<Record<string, unknown>> };
  return annotations?.["pulumi.com/skipAwait"] !== "true";
}

function secondsToCreate(type: string): number {
  if (isKnown(type)) return durations[type].create;
  return type.startsWith("kubernetes:") ? inClusterSeconds : 0;
}

function isKnown(type: string): type is Known {
  return Object.hasOwn(durations, type);
}
