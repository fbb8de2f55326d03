import type { ApiServerAddress, ExistingSettings } from "../../settings/existingSettings.ts";
import type { ClusterSnapshot } from "./snapshot.ts";

/** What is worth knowing about a cluster that can be taken as it is, a sentence each. */
export function existingAdvice(
  { calico, kubeProxy: mode }: ExistingSettings,
  { host, port }: ApiServerAddress,
  snapshot: ClusterSnapshot,
): string[] {
  const { aws, felix, kubeProxy, nodes } = snapshot;
  const lines: string[] = [];
  if (calico.dataplane !== "BPF") return lines;
  const server = kubeProxy?.apiServer;
  if (server !== undefined && server !== `${host}:${port}`) {
    lines.push(
      `cluster.existing.apiServer: kube-proxy reaches the API server at ${server}, not at ${host}:${port}; without either right, nodes lose it.`,
    );
  }
  if (calico.externalService === "DSR" && aws === undefined) {
    lines.push(
      "calico.externalService: the nodes are not on EC2, so that nobody has checked whether their network lets one send with another's address; DSR needs that.",
    );
  }
  const spec = felix?.configurations.find(({ name }) => name === "default")?.spec ?? {};
  if (aws !== undefined && spec["awsSrcDstCheck"] !== "Disable") {
    lines.push(
      "FelixConfiguration default, spec.awsSrcDstCheck: it is not Disable, so that something else has to turn the source/destination check off for nodes to come; DSR needs that.",
    );
  }
  if (calico.externalService === "Tunnel" && nodes.some(({ instanceId }) => instanceId !== undefined)) {
    lines.push(
      "UDP 4789 between the nodes was not looked for in their security groups; eBPF needs it for NodePorts.",
    );
  }
  if (mode === "Parked" && kubeProxy?.labels["eks.amazonaws.com/component"] !== undefined) {
    lines.push(
      "DaemonSet kube-proxy: an EKS add-on keeps it; update it with --resolve-conflicts PRESERVE, and the node selector stays.",
    );
  }
  return lines;
}
