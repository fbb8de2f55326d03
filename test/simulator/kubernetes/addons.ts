import type { ApiServer } from "./apiServer.ts";
import { at, type KubernetesObject, keyOf } from "./object.ts";

/** What happened to an EKS add-on. */
export interface AddonEvent {
  readonly kind: "created" | "updated" | "deleted";
  readonly name: string;
  readonly clusterName: string;
  /** Its configuration values, JSON; undefined: none. */
  readonly configuration?: string;
  /** `v1.13.3-eksbuild.2`; undefined: whichever EKS had. */
  readonly version?: string;
}

/** What each add-on puts into the cluster, under the field manager `eks`. */
const workloads: Readonly<Record<string, KubernetesObject>> = {
  "kube-proxy": {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "kube-proxy", namespace: "kube-system" },
  },
  coredns: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace: "kube-system" },
  },
  "vpc-cni": {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "aws-node", namespace: "kube-system" },
  },
  "eks-pod-identity-agent": {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "eks-pod-identity-agent", namespace: "kube-system" },
  },
};

/** Brings an add-on's workload in or takes it away. */
export function onAddonEvent(api: ApiServer, { kind, name, configuration }: AddonEvent): void {
  const found = workloads[name];
  if (found === undefined) return;
  const env = environmentIn(configuration);
  const workload =
    env.length === 0
      ? found
      : { ...found, spec: { template: { spec: { containers: [{ name: found.metadata.name, env }] } } } };
  if (kind === "deleted") api.delete(keyOf(workload));
  else api.apply(workload, "eks");
}

/** Environment variables in an add-on's configuration values, as the one of the VPC CNI has them. */
export function environmentIn(configuration: string | undefined): { name: string; value: string }[] {
  const { env = {} } = JSON.parse(configuration || "{}") as { env?: Readonly<Record<string, string>> };
  return Object.entries(env).map(([name, value]) => ({ name, value }));
}

/** kube-proxy as it is: not there, on no node because of a selector that fits none, or on every node. */
export function kubeProxyState(api: Pick<ApiServer, "get">): "Absent" | "Parked" | "Running" {
  const daemonSet = api.get("apps/v1/DaemonSet/kube-system/kube-proxy");
  if (daemonSet === undefined) return "Absent";
  return at(daemonSet, "spec.template.spec.nodeSelector.non-calico") === undefined ? "Running" : "Parked";
}
