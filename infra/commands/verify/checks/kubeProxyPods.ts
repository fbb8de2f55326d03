import type { Check, Live } from "../check.ts";
import { kubeProxyPods as pods } from "../reading/pods.ts";

/** Why nothing can be said of kube-proxy's absence; true: it has to be absent. */
export function isToBeAbsent({ target }: Live): string | true {
  return target.expected?.kubeProxy === "Running" ? "the stack says kubeProxy: Running" : true;
}

/** Whether kube-proxy runs anywhere. */
export const kubeProxyPods: Check = {
  name: "kube-proxy-pods",
  title: "kube-proxy runs on no node",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, disable kube-proxy",
  meaning: "Both kube-proxy and eBPF serve services on such a node, and undo each other's work.",
  cure: "Run npx pulumi up, which takes it away again; see what brought it back.",
  needs: ["read"],
  appliesTo: isToBeAbsent,
  async run(live) {
    const found = await pods(live);
    if (found.length === 0) return [{ verdict: "passed", evidence: "there is no pod of kube-proxy" }];
    return found.map(({ name, nodeName, phase }) => ({
      node: nodeName,
      verdict: "failed",
      evidence: `pod ${name} is ${phase}`,
    }));
  },
};
