import { counted } from "../../../../components/values/problem.ts";
import { type Finding, type Live, oncePerRun } from "../check.ts";
import { podOf } from "./objects.ts";

/** A Deployment or DaemonSet, from its object. */
export interface LiveWorkload {
  readonly kind: "DaemonSet" | "Deployment";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Who has written its fields. */
  readonly managers: readonly string[];
  readonly selector: Readonly<Record<string, string>>;
  /** Pods that it wants: of a DaemonSet, a pod for each node that it fits. */
  readonly wanted: number;
  readonly available: number;
  /** Why it cannot have them, in Kubernetes' words; empty: no reason given. */
  readonly reason: string;
}

interface RawWorkload {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
  };
  readonly status?: {
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** Every Deployment and DaemonSet. */
export const workloads = oncePerRun(async ({ cluster }): Promise<LiveWorkload[]> => {
  const [deployments, daemonSets] = await Promise.all([
    cluster.list("/apis/apps/v1/deployments", (one) => workloadOf("Deployment", one as RawWorkload)),
    cluster.list("/apis/apps/v1/daemonsets", (one) => workloadOf("DaemonSet", one as RawWorkload)),
  ]);
  return [...(deployments ?? []), ...(daemonSets ?? [])];
});

function workloadOf(kind: LiveWorkload["kind"], { metadata, spec, status = {} }: RawWorkload): LiveWorkload {
  const isDeployment = kind === "Deployment";
  const wanted = isDeployment ? (spec.replicas ?? 1) : status.desiredNumberScheduled;
  const available = isDeployment ? status.availableReplicas : status.numberAvailable;
  const wrong = status.conditions?.find(
    ({ type, status: holds }) => holds === (type === "ReplicaFailure" ? "True" : "False"),
  );
  return {
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    managers: (metadata.managedFields ?? []).flatMap(({ manager }) => manager ?? []),
    selector: spec.selector.matchLabels ?? {},
    wanted: wanted ?? 0,
    available: available ?? 0,
    reason: wrong?.message ?? "",
  };
}

/** Whether a workload has all its pods; otherwise what one of them lacks. */
export async function workloadFinding(live: Live, workload: LiveWorkload): Promise<Finding> {
  const { kind, namespace, name, wanted, available } = workload;
  const pods = `${kind} ${namespace}/${name}: ${available} of ${counted(wanted, "pod")}`;
  if (kind === "Deployment" && wanted === 0) {
    return { verdict: "failed", evidence: `${kind} ${namespace}/${name} is scaled to 0` };
  }
  if (available >= wanted) return { verdict: "passed", evidence: `${pods} available` };
  return { verdict: "failed", evidence: `${pods} available: ${await whyNot(live, workload)}` };
}

async function whyNot({ cluster }: Live, { namespace, selector, reason }: LiveWorkload): Promise<string> {
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const pods = await cluster.list(`/api/v1/namespaces/${namespace}/pods`, podOf, { labelSelector });
  const waiting = pods?.find((pod) => !pod.ready && !pod.deleting && pod.reason !== "");
  if (waiting !== undefined) return `pod ${waiting.name} is not ready: ${waiting.reason}`;
  return reason === "" ? "the cluster does not say why" : reason;
}

/** The same of a workload that must be there. */
export async function requiredFinding(
  live: Live,
  { kind, namespace, name }: Pick<LiveWorkload, "kind" | "namespace" | "name">,
): Promise<Finding> {
  const found = (await workloads(live)).find(
    (one) => one.kind === kind && one.namespace === namespace && one.name === name,
  );
  return found === undefined
    ? { verdict: "failed", evidence: `there is no ${kind} ${name} in ${namespace}` }
    : workloadFinding(live, found);
}
