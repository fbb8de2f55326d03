import type { Settings } from "../../../components/settings/settings.ts";
import { durations, milestones } from "../../simulator/durations.ts";
import { inClusterSeconds } from "./estimate.ts";
import { criticalPath, type Event, type Scheduled, schedule, totalSeconds } from "./schedule.ts";

/** What of a stack's settings decides which steps AWS forces. */
export type BoundSettings = {
  readonly network: Pick<Settings["network"], "existing" | "natGateway">;
  readonly cluster: Pick<Settings["cluster"], "secretsKey">;
};

/** A step that AWS or Calico forces, whatever the program looks like. Its id is the resource's type, with a milestone. */
export interface ForcedStep extends Event {
  /** Who forces it to come after what it comes after. */
  readonly why: string;
}

export interface LowerBound {
  readonly seconds: number;
  /** The longest chain, first to last. */
  readonly chain: readonly ForcedStep[];
  /** Every step that was considered, on the chain or beside it. */
  readonly steps: readonly ForcedStep[];
}

/** A step of the program's critical path that the chain has not, or the other way round. */
export interface Difference {
  /** Id of the event; for a step of the chain alone, the id of that. */
  readonly id: string;
  /** Seconds that it adds to the bound; negative for a step that only the chain has. */
  readonly seconds: number;
  readonly kind: "beside the chain" | "not forced" | "only in the bound";
  /** Id of the step of the critical path that waits for it; undefined for the last. */
  readonly waitsForIt: string | undefined;
}

export interface Comparison {
  readonly bound: LowerBound;
  readonly seconds: number;
  /** Time ÷ lower bound. */
  readonly ratio: number;
  /** Explains all of the difference: the sum of its seconds is the time less the bound. */
  readonly differences: readonly Difference[];
}

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const nat = "aws:ec2/natGateway:NatGateway";
const key = "aws:kms/key:Key";
const role = "aws:iam/role:Role";
const policy = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const cluster = "aws:eks/cluster:Cluster";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const joins = `${nodeGroup}#first node joins`;
const ready = `${nodeGroup}#nodes Ready`;
const operator = "kubernetes:apps/v1:Deployment";
const operatorRuns = `${operator}#runs`;
const installation = "kubernetes:operator.tigera.io/v1:Installation";
const addon = "aws:eks/addon:Addon";

/**
 * The least time in which AWS and Calico let a cluster with these settings become ready, by typical durations and
 * whatever the program does. What is left out can only make the bound lower, never wrong.
 */
export function lowerBound(settings: BoundSettings): LowerBound {
  const steps = forcedSteps(settings);
  const placed = schedule(steps);
  const onChain = new Set(criticalPath(placed).map(({ id }) => id));
  return {
    seconds: totalSeconds(placed),
    chain: steps.filter(({ id }) => onChain.has(id)),
    steps,
  };
}

/** Sets a critical path beside the bound, and explains the difference step by step. */
export function compare(path: readonly Scheduled[], bound: LowerBound): Comparison {
  const seconds = path.at(-1)?.endSeconds ?? 0;
  const beside = new Set(bound.steps.map(({ id }) => id));
  const open = new Map(bound.chain.map((step) => [step.id, step]));
  const added = path.flatMap((event, index): Difference[] => {
    const id = kindOf(event.id);
    const forced = open.get(id);
    open.delete(id);
    const more = event.seconds - (forced?.seconds ?? 0);
    const kind = beside.has(id) ? "beside the chain" : "not forced";
    return more === 0 ? [] : [{ id: event.id, seconds: more, kind, waitsForIt: path[index + 1]?.id }];
  });
  const missing = [...open.values()].map(
    (step): Difference => ({
      id: step.id,
      seconds: -step.seconds,
      kind: "only in the bound",
      waitsForIt: undefined,
    }),
  );
  return { bound, seconds, ratio: seconds / bound.seconds, differences: [...added, ...missing] };
}

function forcedSteps({ network, cluster: { secretsKey } }: BoundSettings): ForcedStep[] {
  const ownNetwork = network.existing === undefined;
  return [
    ...(ownNetwork
      ? [
          step(vpc, [], durations[vpc].create, "EC2: where everything else is made"),
          step(subnet, [vpc], durations[subnet].create, "EC2: a subnet is made in a VPC"),
        ]
      : []),
    ...(ownNetwork && network.natGateway !== "None"
      ? [step(nat, [subnet], durations[nat].create, "EC2: a NAT gateway is made in a subnet")]
      : []),
    ...(secretsKey === "create" ? [step(key, [], durations[key].create, "KMS: encrypts secrets")] : []),
    step(role, [], durations[role].create, "IAM: what EKS acts as"),
    step(policy, [role], durations[policy].create, "IAM: a policy is attached to a role"),
    step(
      cluster,
      [subnet, key, policy],
      durations[cluster].create,
      "EKS: needs its subnets, its role and its key",
    ),
    step(
      joins,
      [cluster, nat],
      milestones.instanceBoot.seconds,
      "EKS: a node group is made in an active cluster; EC2: an instance boots",
    ),
    step(
      operatorRuns,
      [joins],
      milestones.operatorStart.seconds,
      "Calico: the operator is a pod and needs a node",
    ),
    step(installation, [cluster], inClusterSeconds, "Calico: an Installation needs an API server"),
    step(
      ready,
      [operatorRuns, installation],
      milestones.calicoNodeStart.seconds,
      "Calico: the operator makes calico-node as the Installation says; a node without it is not Ready",
    ),
    step(nodeGroup, [ready], milestones.nodeGroupPolling.seconds, "EKS: looks at the nodes now and then"),
    step(addon, [ready], durations[addon].create, "EKS: CoreDNS is active once its pods run on a Ready node"),
  ];
}

function step(id: string, after: readonly string[], seconds: number, why: string): ForcedStep {
  return { id, after, seconds, why };
}

/** Type and milestone of an event of the program, as the forced steps are called. */
function kindOf(id: string): string {
  const [urn = "", milestone] = id.split("#");
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  // The operator's Deployment is the one that a node has to be there for.
  const isOther = type === operator && !urn.endsWith("tigera-operator");
  return `${isOther ? urn : type}${milestone === undefined ? "" : `#${milestone}`}`;
}
