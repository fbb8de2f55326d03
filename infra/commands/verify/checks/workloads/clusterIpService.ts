import type { Check } from "../../check.ts";
import { fromEachProbe, insist, servicePort, sharedService } from "../../workloads/ask.ts";

/** Services by their own address. */
export const clusterIpService: Check = {
  name: "service-cluster-ip",
  title: "pods reach a service by its cluster IP",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, what eBPF takes over from kube-proxy",
  meaning: "On this node nothing turns a service's address into a pod's: neither eBPF nor kube-proxy does.",
  cure: "See whether check ebpf-mode passes on this node; if it does, look for UDP 4789 between the nodes.",
  needs: ["workloads", "exec"],
  async run(live) {
    const { clusterIp } = await sharedService(live);
    return fromEachProbe(live, async (probe) => {
      const url = `http://${clusterIp}:${servicePort}/hostname`;
      const { ok, text } = await insist(live, probe, `curl -sS -m 5 ${url}`, 5);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok
          ? `${clusterIp}:${servicePort} answered from ${text}`
          : `${clusterIp}:${servicePort}: ${text}`,
      };
    });
  },
};
