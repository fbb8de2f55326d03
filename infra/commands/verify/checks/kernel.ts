import { kernelFindings } from "../../../../components/checks/existing/nodes.ts";
import type { Check, Finding } from "../check.ts";
import { calicoVersion } from "../reading/calico.ts";
import { type Probed, probes } from "../reading/probes.ts";
import { isToBeBpf } from "./ebpfMode.ts";

/** Kernel of every node against the floor and the known-bad list. */
export const kernel: Check = {
  name: "kernel",
  title: "every node's kernel carries Calico's eBPF programs",
  source: "components/facts/kernels.ts",
  meaning:
    "Felix there runs in iptables mode without a word, or its programs do not load, while kube-proxy is gone.",
  cure: "Replace the node by one with a newer kernel; where the kernel is too new, upgrade Calico first.",
  needs: ["read", "exec"],
  appliesTo: isToBeBpf,
  async run(live) {
    const [seen, version] = await Promise.all([probes(live), calicoVersion(live)]);
    return seen.map((probed) => findingOf(probed, version));
  },
};

/** What runs counts; what the kubelet said when it registered is what is known without a look inside. */
function findingOf(probed: Probed, version: string | undefined): Finding {
  const { node } = probed;
  const text = "probe" in probed ? probed.probe.kernel : node.kernel;
  const problems = kernelFindings(text, version).map(({ found, needs }) => `${found}; ${needs}`);
  if (problems.length > 0) return { node: node.name, verdict: "failed", evidence: problems.join("; ") };
  return { node: node.name, verdict: "passed", evidence: node.kernel };
}
