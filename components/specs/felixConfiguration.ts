import { calicoVersions } from "../facts/calicoVersions.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";

/**
 * Spec of FelixConfiguration `default`. Never holds `bpfEnabled`: the operator owns that field and, finding it set by
 * another client, stops installing without a message (tigera/operator pkg/controller/installation/bpf.go).
 */
export function felixSpec({ calico, kubeProxy }: Pick<Settings, "calico" | "kubeProxy">) {
  const besideKubeProxy = kubeProxy === "Running";
  return {
    ...calico.felix,
    // A node that forwards with another node's address, or an unencapsulated pod address, needs the check off; Felix
    // does it for every node that joins, and keeps the node unready until it is done.
    awsSrcDstCheck: "Disable",
    bpfExternalServiceMode: calico.externalService,
    bpfDSROptoutCIDRs: [...calico.dsrOptOutCidrs],
    // kube-proxy's own rules and its port 10256 are left alone while it runs (projectcalico/calico#10538, kubernetes/kops#18334).
    bpfKubeProxyIptablesCleanupEnabled: !besideKubeProxy,
    bpfKubeProxyHealthzPort: besideKubeProxy ? 0 : 10256,
  };
}

/** API version under which a Calico release stores FelixConfiguration. */
export function felixApiVersion(calicoVersion: string): "crd.projectcalico.org/v1" | "projectcalico.org/v3" {
  return lookUp(calicoVersions, calicoVersion)?.felixApiVersion ?? "crd.projectcalico.org/v1";
}
