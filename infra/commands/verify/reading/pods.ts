import { oncePerRun } from "../once.ts";

/** A pod as its object says. */
export interface LivePod {
  readonly namespace: string;
  readonly name: string;
  /** Empty: not scheduled. */
  readonly nodeName: string;
  readonly phase: string;
  readonly ready: boolean;
  /** Why it is not ready, or not scheduled; empty: it does not say. */
  readonly reason: string;
  readonly hostNetwork: boolean;
  readonly image: string;
  readonly deleting: boolean;
}

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly { readonly name: string; readonly image?: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** Keeps of a pod what is looked at. */
export function podOf(object: unknown): LivePod {
  const { metadata, spec, status = {} } = object as RawPod;
  const condition = (name: string) => status.conditions?.find(({ type }) => type === name);
  const ready = condition("Ready")?.status === "True";
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    nodeName: spec.nodeName ?? "",
    phase: status.phase ?? "Unknown",
    ready,
    reason: ready ? "" : (condition("Ready")?.message ?? condition("PodScheduled")?.message ?? ""),
    hostNetwork: spec.hostNetwork === true,
    image: spec.containers[0]?.image ?? "",
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

function podsOf(app: string) {
  return oncePerRun(async ({ cluster }): Promise<LivePod[]> => {
    const found = (await cluster.list("/api/v1/pods", podOf, { labelSelector: `k8s-app=${app}` })) ?? [];
    return found.filter(({ deleting }) => !deleting);
  });
}

/** Pods of calico-node, in whatever namespace its installer put them. */
export const calicoNodePods = podsOf("calico-node");

/** Pods of kube-proxy. */
export const kubeProxyPods = podsOf("kube-proxy");
