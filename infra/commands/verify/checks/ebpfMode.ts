import type { Check, Finding, Live } from "../check.ts";
import type { NodeProbe } from "../reading/nodeProbe.ts";
import { perNode } from "../reading/probes.ts";

/** Why eBPF is not to be looked for; true: it has to be there. */
export function isToBeBpf({ target }: Live): string | true {
  return target.expected?.dataplane === "Iptables" ? "the stack says calico.dataplane: Iptables" : true;
}

/** Whether eBPF moves the packets, by the programs that are attached and not by what is configured. */
export const ebpfMode: Check = {
  name: "ebpf-mode",
  title: "Calico's eBPF programs are attached on every node",
  source: "tigera/docs operations/ebpf/troubleshoot-ebpf.mdx; bpftool net",
  meaning:
    "Felix on that node runs in iptables mode. Its pods are cut off from the pods of all nodes in eBPF mode: over VXLAN the two exchange no packet. Without kube-proxy, services do not work there either.",
  cure: "Look for “not supported by the kernel” in calico-node's log there; replace the node by one with a newer kernel. Without that line, restart calico-node on it.",
  needs: ["exec"],
  appliesTo: isToBeBpf,
  run: (live) => perNode(live, findingOf),
};

function findingOf({ programs }: NodeProbe): Omit<Finding, "node"> {
  // A pod's interface may keep its programs; that of the node tells of the mode.
  const own = programs.filter(({ interfaceName }) => !interfaceName.startsWith("cali"));
  const [first] = own;
  if (first === undefined) {
    return {
      verdict: "failed",
      evidence: "no eBPF program of Calico is attached to an interface of the node",
    };
  }
  return { verdict: "passed", evidence: `${first.name} is attached to ${first.interfaceName}` };
}
