import { parse } from "yaml";
import { autoscalerAccount } from "../../../../components/specs/charts.ts";
import { karpenterAccount } from "../../../../components/specs/karpenter.ts";
import { oneLine } from "../../../text.ts";
import { type Check, type Finding, type Live, oncePerRun } from "../check.ts";
import type { CalicoObject } from "../reading/calico.ts";
import { requiredFinding, workloadFinding, workloads } from "../reading/workloads.ts";

/** The part of its status that the Cluster Autoscaler writes for people and that is looked at here. */
interface AutoscalerStatus {
  /** `2026-11-28 03:31:28.546750398 +0000 UTC` */
  readonly time?: string;
  /** `Initializing` until it has read the groups, then `Running`. */
  readonly autoscalerStatus?: string;
  readonly nodeGroups?: readonly NodeGroup[] | null;
}

interface NodeGroup {
  /** Of the Auto Scaling group. */
  readonly name: string;
  readonly health?: {
    readonly status?: string;
    readonly nodeCounts?: { readonly registered?: { readonly ready?: number } };
    readonly cloudProviderTarget?: number;
    readonly minSize?: number;
    readonly maxSize?: number;
  };
  readonly scaleUp?: {
    readonly status?: string;
    readonly backoffInfo?: { readonly errorCode?: string; readonly errorMessage?: string };
  };
}

/** It writes its status every ten seconds. */
const staleSeconds = 300;

const isAutoscaler = ({ name, labels }: { name: string; labels: Readonly<Record<string, string>> }) =>
  name === autoscalerAccount.serviceAccount ||
  /cluster-autoscaler$/.test(labels["app.kubernetes.io/name"] ?? "");

const autoscaler = oncePerRun(async (live) =>
  (await workloads(live)).find((one) => one.kind === "Deployment" && isAutoscaler(one)),
);

/** Whether the Cluster Autoscaler works on the pools. */
export const clusterAutoscaler: Check = {
  name: "cluster-autoscaler",
  title: "the Cluster Autoscaler runs, finds the Auto Scaling groups, and may change them",
  source:
    "kubernetes/autoscaler cluster-autoscaler/FAQ.md, status ConfigMap; in YAML since Cluster Autoscaler 1.30",
  meaning: "Pods that fit on no node stay Pending in such a pool, and unneeded nodes are not removed.",
  cure: "Follow the finding; npx pulumi up --refresh restores the chart, its role and the tags of the groups. Its log names the call that AWS refuses: kubectl -n kube-system logs deployment/cluster-autoscaler.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await autoscaler(live)) !== undefined || "the cluster has no Cluster Autoscaler",
  async run(live) {
    const deployment = await autoscaler(live);
    if (deployment === undefined) return [];
    const path = `/api/v1/namespaces/${deployment.namespace}/configmaps/cluster-autoscaler-status`;
    const found = await live.cluster.get<{ data?: { status?: string } }>(path);
    return [
      await workloadFinding(live, deployment),
      ...statusFindings(statusIn(found?.data?.status), new Date()),
    ];
  },
};

/** Undefined: there is none, or it is not YAML, as before 1.30. */
function statusIn(text: string | undefined): AutoscalerStatus | undefined {
  try {
    const found: unknown = parse(text ?? "");
    return typeof found === "object" && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
}

function statusFindings(status: AutoscalerStatus | undefined, now: Date): Finding[] {
  const configMap = "ConfigMap cluster-autoscaler-status";
  if (status?.autoscalerStatus === undefined) {
    return [{ verdict: "unknown", evidence: `${configMap} does not exist or has no status in YAML` }];
  }
  const { autoscalerStatus, nodeGroups, time } = status;
  const age = time === undefined ? 0 : (now.getTime() - written(time)) / 1000;
  if (age > staleSeconds) {
    return [
      { verdict: "failed", evidence: `${configMap} was written ${Math.round(age / 60)} min ago, at ${time}` },
    ];
  }
  if (autoscalerStatus !== "Running") {
    return [
      { verdict: "failed", evidence: `it is ${autoscalerStatus}: it has not read the groups from AWS` },
    ];
  }
  if ((nodeGroups ?? []).length === 0) {
    const tags = "k8s.io/cluster-autoscaler/enabled and k8s.io/cluster-autoscaler/CLUSTER";
    return [{ verdict: "failed", evidence: `no Auto Scaling group has the tags ${tags}` }];
  }
  return (nodeGroups ?? []).map(groupFinding);
}

/** Go's text of a time in milliseconds; NaN where it is none, which is never too old. */
function written(time: string): number {
  const [, day, clock, zone] = /^(\S+) (\d\d:\d\d:\d\d)\S* ([+-]\d{4})/.exec(time) ?? [];
  return Date.parse(`${day}T${clock}${zone}`);
}

function groupFinding({ name, health = {}, scaleUp = {} }: NodeGroup): Finding {
  const ready = health.nodeCounts?.registered?.ready ?? 0;
  const evidence = `${name}: ${ready} of ${health.cloudProviderTarget ?? 0} nodes ready, between ${health.minSize ?? 0} and ${health.maxSize ?? 0}`;
  if (scaleUp.status === "Backoff") {
    const { errorCode = "", errorMessage = "" } = scaleUp.backoffInfo ?? {};
    const why = oneLine(`${errorCode} ${errorMessage}`) || "its log says why";
    return { verdict: "failed", evidence: `${evidence}; it pauses after a node failed to start: ${why}` };
  }
  return health.status === "Unhealthy"
    ? { verdict: "failed", evidence: `${evidence}; it is Unhealthy, so its size is not changed` }
    : { verdict: "passed", evidence };
}

const nodePools = listOf("/apis/karpenter.sh/v1/nodepools");
const nodeClasses = listOf("/apis/karpenter.k8s.aws/v1/ec2nodeclasses");

function listOf(path: string) {
  return oncePerRun(async ({ cluster }) => (await cluster.list(path, (one) => one as CalicoObject)) ?? []);
}

/** Whether Karpenter can start nodes. */
export const karpenter: Check = {
  name: "karpenter",
  title: "Karpenter runs, and its NodePools and EC2NodeClasses are ready",
  source:
    "aws/karpenter-provider-aws v1.14.1 pkg/apis/v1/ec2nodeclass_status.go; kubernetes-sigs/karpenter v1.14.1 pkg/apis/v1/nodepool_status.go",
  meaning: "Karpenter starts no nodes: pods that fit on no node stay Pending, and nodes are not replaced.",
  cure: "Follow the finding; npx pulumi up --refresh restores the chart, its role and its objects. Its log names the call that AWS refuses: kubectl -n kube-system logs deployment/karpenter.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await hasController(live)) || (await nodeClasses(live)).length > 0 || "the cluster has no Karpenter",
  async run(live) {
    const { namespace, serviceAccount: name } = karpenterAccount;
    const [pools, ofAws] = await Promise.all([nodePools(live), nodeClasses(live)]);
    const found = [
      ...ofAws.map((one) => readyFinding("EC2NodeClass", one)),
      ...pools.map((one) => readyFinding("NodePool", one)),
    ];
    return [await requiredFinding(live, { kind: "Deployment", namespace, name }), ...found];
  },
};

async function hasController(live: Live): Promise<boolean> {
  const { namespace, serviceAccount } = karpenterAccount;
  return (await workloads(live)).some((one) => one.namespace === namespace && one.name === serviceAccount);
}

/** Ready as a whole, and, of a NodePool, without a launch that has failed again and again. */
function readyFinding(kind: string, { metadata, status: { conditions = [] } = {} }: CalicoObject): Finding {
  const named = `${kind} ${metadata.name}`;
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  const wrong = conditions.filter(({ type, status }) => status === "False" && type !== "Ready");
  const isUsable = isReady && !wrong.some(({ type }) => type === "NodeRegistrationHealthy");
  if (isUsable) return { verdict: "passed", evidence: `${named} is ready` };
  const reasons = wrong.map(({ type, reason = "", message = "" }) => `${type}: ${message || reason}`);
  const why = oneLine(reasons.join("; ")) || "Karpenter has not processed it yet";
  return { verdict: "failed", evidence: `${named}: ${why}` };
}
