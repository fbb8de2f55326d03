import type { Settings } from "../settings/settings.ts";

/**
 * Spec of FelixConfiguration `default`. Never holds `bpfEnabled`: the operator owns that field and, finding it set by
 * someone else, stops installing without a word (tigera/operator pkg/controller/installation/bpf.go).
 */
export function felixSpec({ calico, kubeProxy }: Pick<Settings, "calico" | "kubeProxy">) {
  const besideKubeProxy = kubeProxy === "Running";
  return {
    ...calico.felix,
    // A node that forwards with another node's address, or an unencapsulated pod address, needs the check off; Felix
    // does it for every node that ever joins, and holds the node back until it is done.
    awsSrcDstCheck: "Disable",
    bpfExternalServiceMode: calico.externalService,
    bpfDSROptoutCIDRs: [...calico.dsrOptOutCidrs],
    // kube-proxy's own rules and its port 10256 are left alone while it runs (projectcalico/calico#10538, kubernetes/kops#18334).
    bpfKubeProxyIptablesCleanupEnabled: !besideKubeProxy,
    bpfKubeProxyHealthzPort: besideKubeProxy ? 0 : 10256,
  };
}
