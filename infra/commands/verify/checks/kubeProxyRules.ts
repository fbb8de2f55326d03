import type { Check } from "../check.ts";
import { perNode } from "../reading/probes.ts";
import { isToBeAbsent } from "./kubeProxyPods.ts";

/** Whether kube-proxy left rules behind. */
export const kubeProxyRules: Check = {
  name: "kube-proxy-rules",
  title: "no node has rules of kube-proxy",
  source:
    "tigera/docs operations/ebpf/enabling-ebpf.mdx; FelixConfiguration bpfKubeProxyIptablesCleanupEnabled",
  meaning: "Rules that nobody keeps up send packets to pods that are gone.",
  cure: "Set bpfKubeProxyIptablesCleanupEnabled: true in FelixConfiguration (this program does), or replace the node.",
  needs: ["exec"],
  appliesTo: isToBeAbsent,
  run: (live) =>
    perNode(live, ({ kubeProxyRules: count }) =>
      count === 0
        ? { verdict: "passed", evidence: "no KUBE-SVC chain" }
        : { verdict: "failed", evidence: `${count} rules mention a KUBE-SVC chain` },
    ),
};
