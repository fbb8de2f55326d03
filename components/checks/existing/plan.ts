import type { ApiServerAddress, ExistingSettings } from "../../settings/existingSettings.ts";
import type { ClusterSnapshot } from "./snapshot.ts";

/** How Calico was installed. */
export type CalicoKind = "manifest" | "operator";

type Wanted = Pick<ExistingSettings, "calico" | "kubeProxy">;

/** Namespace from which Calico reads the API server's address. */
export const endpointNamespaces = { operator: "tigera-operator", manifest: "kube-system" } as const;

/** How Calico was installed; undefined: not at all, or both ways. */
export function kindOf({
  operator,
  manifest,
}: Pick<ClusterSnapshot, "manifest" | "operator">): CalicoKind | undefined {
  if (operator !== undefined && manifest === undefined) return "operator";
  return manifest !== undefined && operator === undefined ? "manifest" : undefined;
}

/** Data of the ConfigMap from which Calico reads the API server's address. */
export function endpointData({ host, port }: ApiServerAddress) {
  return { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) } as const;
}

/**
 * The fields of FelixConfiguration `default` that are taken over, beside `bpfEnabled`. `awsSrcDstCheck` is never one:
 * without an IAM statement for it calico-node does not become ready, and Felix, told to leave the check alone again, does
 * not turn it on again.
 */
export function felixFields({ calico, kubeProxy }: Wanted): Readonly<Record<string, unknown>> {
  return {
    bpfExternalServiceMode: calico.externalService,
    ...(calico.dsrOptOutCidrs.length > 0 ? { bpfDSROptoutCIDRs: [...calico.dsrOptOutCidrs] } : {}),
    // Operator v1.44 sets the port to 0 where nobody has set it.
    ...(kubeProxy === "Running"
      ? { bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 }
      : { bpfKubeProxyHealthzPort: 10256 }),
  };
}

/** Seconds that calico-node may take on one node: its image is there already. */
const secondsPerNode = 60;

const leastRolloutSeconds = 600;

/** Seconds in which calico-node is to restart on so many nodes, one after the other. */
export function rolloutSeconds(nodeCount: number): number {
  return Math.max(leastRolloutSeconds, nodeCount * secondsPerNode);
}
