import { kernelFindings } from "../../../../components/checks/existing/nodes.ts";
import type { Check, Finding, Live } from "../check.ts";
import { calicoVersion } from "../reading/calico.ts";
import { type NodeProbe, type Probed, perNode, probes } from "../reading/probes.ts";

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
  run: (live) => perNode(live, programFinding),
};

function programFinding({ programs }: NodeProbe): Omit<Finding, "node"> {
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

/** Kernel of every node against the floor and the known-bad list. */
export const kernel: Check = {
  name: "kernel",
  title: "every node's kernel carries Calico's eBPF programs",
  source: "components/facts/kernelFloors.ts and knownBadKernels.ts",
  meaning:
    "Felix there runs in iptables mode without a word, or its programs do not load, while kube-proxy is gone.",
  cure: "Replace the node by one with a newer kernel; where the kernel is too new, upgrade Calico first.",
  needs: ["read", "exec"],
  appliesTo: isToBeBpf,
  async run(live) {
    const [seen, version] = await Promise.all([probes(live), calicoVersion(live)]);
    return seen.map((probed) => kernelFinding(probed, version));
  },
};

/** What runs counts; what the kubelet said when it registered is what is known without a look inside. */
function kernelFinding(probed: Probed, version: string | undefined): Finding {
  const { node } = probed;
  const text = "probe" in probed ? probed.probe.kernel : node.kernel;
  const problems = kernelFindings(text, version).map(({ found, needs }) => `${found}; ${needs}`);
  if (problems.length > 0) return { node: node.name, verdict: "failed", evidence: problems.join("; ") };
  return { node: node.name, verdict: "passed", evidence: node.kernel };
}

/** Whether what Felix pins outlives it. */
export const bpfFileSystem: Check = {
  name: "bpf-file-system",
  title: "a BPF file system is mounted at /sys/fs/bpf on every node",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, prerequisites",
  meaning: "The eBPF maps go with calico-node: every restart of it drops the connections of the node.",
  cure: "Use an image that mounts it at boot (AL2023 and Bottlerocket do), or let the operator's init container mount it: restart calico-node there.",
  needs: ["exec"],
  appliesTo: isToBeBpf,
  run: (live) =>
    perNode(live, ({ hasBpfFileSystem }) =>
      hasBpfFileSystem
        ? { verdict: "passed", evidence: "mounted" }
        : { verdict: "failed", evidence: "no BPF file system is mounted at /sys/fs/bpf" },
    ),
};
