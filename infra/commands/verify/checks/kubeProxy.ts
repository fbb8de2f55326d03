import type { Check, Finding, Live } from "../check.ts";
import { type KubeProxyDaemonSet, kubeProxyDaemonSet, kubeProxyPods as pods } from "../reading/objects.ts";
import { perNode } from "../reading/probes.ts";

/** Why kube-proxy may be present; true: it must be absent. */
function isToBeAbsent({ target }: Live): string | true {
  return target.expected?.kubeProxy === "Running" ? "the stack has kubeProxy: Running" : true;
}

/** Whether kube-proxy runs anywhere. */
export const kubeProxyPods: Check = {
  name: "kube-proxy-pods",
  title: "kube-proxy runs on no node",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, disable kube-proxy",
  meaning: "Both kube-proxy and eBPF serve services on such a node, and interfere with each other.",
  cure: "Run npx pulumi up --refresh, which removes it again, and find out what brought it back.",
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

/** Whether kube-proxy left rules behind. */
export const kubeProxyRules: Check = {
  name: "kube-proxy-rules",
  title: "no node has rules of kube-proxy",
  source:
    "tigera/docs operations/ebpf/enabling-ebpf.mdx; FelixConfiguration bpfKubeProxyIptablesCleanupEnabled",
  meaning: "Stale rules send packets to pods that no longer exist.",
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

/** Label that no node has: how Calico's guide and this program park kube-proxy. */
const parkingLabel = "non-calico";

/** Why kube-proxy will not come back. */
export const kubeProxyStaysAway: Check = {
  name: "kube-proxy-stays-away",
  title: "kube-proxy stays away: it is not installed, or is kept from every node",
  source: "EKS user guide, kubernetes-field-management; components/kubeProxy.ts",
  meaning: "The next node, or an update of the add-on, brings kube-proxy back.",
  cure: "Run npx pulumi up --refresh; or give DaemonSet kube-proxy a node selector that no node matches.",
  needs: ["read"],
  appliesTo: isToBeAbsent,
  run: async (live) => [findingOf(await kubeProxyDaemonSet(live))],
};

function findingOf(daemonSet: KubeProxyDaemonSet | undefined): Finding {
  if (daemonSet === undefined) return { verdict: "passed", evidence: "there is no DaemonSet kube-proxy" };
  const { nodeSelector = {}, affinity } = daemonSet.spec?.template?.spec ?? {};
  const isParked = parkingLabel in nodeSelector || JSON.stringify(affinity ?? {}).includes(parkingLabel);
  const count = daemonSet.status?.desiredNumberScheduled ?? 0;
  if (isParked && count === 0) {
    return {
      verdict: "passed",
      evidence: `DaemonSet kube-proxy is limited to nodes with label ${parkingLabel}`,
    };
  }
  const why = isParked ? `${count} nodes have label ${parkingLabel}` : "nothing keeps it from nodes";
  return { verdict: "failed", evidence: `DaemonSet kube-proxy exists, and ${why}` };
}
