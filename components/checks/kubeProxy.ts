import type { Settings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";

/** Somebody has to serve services: eBPF, or kube-proxy on every node. */
export function kubeProxyProblems({ calico, kubeProxy }: Settings): Problem[] {
  if (calico.dataplane === "BPF" || kubeProxy === "Running") return [];
  return [
    {
      path: "kubeProxy",
      found: `${kubeProxy} would leave the cluster without services`,
      needs: `calico.dataplane is ${calico.dataplane}, which needs kube-proxy on every node`,
      fix: "Set kubeProxy: Running, or calico.dataplane: BPF",
    },
  ];
}
