import { kernelFindings } from "../../../../components/checks/existing/nodes.ts";
import type { Check, Finding, Live } from "../check.ts";
import { calicoVersion } from "../reading/calico.ts";
import { type NodeProbe, type Probed, perNode, probes } from "../reading/probes.ts";

/** Why eBPF is not expected; true: it is. */
export function isToBeBpf({ target }: Live): string | true {
  return target.expected?.dataplane === "Iptables" ? "the stack has calico.dataplane: Iptables" : true;
}

/** Whether eBPF handles the packets, judged by the attached programs and not by the configuration. */
export const ebpfMode: Check = {
  name: "ebpf-mode",
  title: "Calico's eBPF programs are attached on every node",
  source: "tigera/docs operations/ebpf/troubleshoot-ebpf.mdx; bpftool net",
  meaning:
    "Felix on that node runs in iptables mode. Its pods cannot reach pods on nodes in eBPF mode: over VXLAN the two exchange no packets. Without kube-proxy, services do not work there either.",
  cure: "Look for “not supported by the kernel” in calico-node's log there; replace the node with one that has a newer kernel. Without that line, restart calico-node on it.",
  needs: ["exec"],
  appliesTo: isToBeBpf,
  run: (live) => perNode(live, programFinding),
};

/** Names of pods' interfaces on a node, by Calico's CNI plugin and by the AWS VPC CNI. */
const ofPod = /^(cali|eni)/;

function programFinding({ programs }: NodeProbe): Omit<Finding, "node"> {
  // A pod's interface may keep its programs; the node's interface shows the mode.
  const own = programs.filter(({ interfaceName }) => !ofPod.test(interfaceName));
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
  title: "every node's kernel supports Calico's eBPF programs",
  source: "components/facts/versions.ts",
  meaning:
    "Felix there falls back to iptables mode without a message, or its programs do not load, while kube-proxy is gone.",
  cure: "Replace the node with one that has a newer kernel; where the kernel is too new, upgrade Calico first.",
  needs: ["read", "exec"],
  appliesTo: isToBeBpf,
  async run(live) {
    const [seen, version] = await Promise.all([probes(live), calicoVersion(live)]);
    return seen.map((probed) => kernelFinding(probed, version));
  },
};

/** The running kernel counts; otherwise what the kubelet reported when it registered. */
function kernelFinding(probed: Probed, version: string | undefined): Finding {
  const { node } = probed;
  const text = "probe" in probed ? probed.probe.kernel : node.kernel;
  const problems = kernelFindings(text, version).map(({ found, needs }) => `${found}; ${needs}`);
  if (problems.length > 0) return { node: node.name, verdict: "failed", evidence: problems.join("; ") };
  return { node: node.name, verdict: "passed", evidence: node.kernel };
}

/** Whether what Felix pins survives a restart. */
export const bpfFileSystem: Check = {
  name: "bpf-file-system",
  title: "a BPF file system is mounted at /sys/fs/bpf on every node",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, prerequisites",
  meaning: "The eBPF maps are lost with calico-node: each restart drops the node's connections.",
  cure: "Use an image that mounts it at boot (AL2023 and Bottlerocket do), or restart calico-node there, so that the operator's init container mounts it.",
  needs: ["exec"],
  appliesTo: isToBeBpf,
  run: (live) =>
    perNode(live, ({ hasBpfFileSystem }) =>
      hasBpfFileSystem
        ? { verdict: "passed", evidence: "mounted" }
        : { verdict: "failed", evidence: "no BPF file system is mounted at /sys/fs/bpf" },
    ),
};
