import type { Check, Finding } from "../check.ts";
import { type KubeProxyDaemonSet, kubeProxyDaemonSet } from "../reading/kubeProxy.ts";
import { isToBeAbsent } from "./kubeProxyPods.ts";

/** Label that no node has: how Calico's guide and this program park kube-proxy. */
const parkingLabel = "non-calico";

/** Why kube-proxy will not come back by itself. */
export const kubeProxyStaysAway: Check = {
  name: "kube-proxy-stays-away",
  title: "kube-proxy will stay away: it is not installed, or is kept from every node",
  source: "EKS user guide, kubernetes-field-management; components/kubeProxy.ts",
  meaning: "The next node, or an update of the add-on, brings kube-proxy back.",
  cure: "Run npx pulumi up; by hand, give DaemonSet kube-proxy a node selector that no node has.",
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
      evidence: `DaemonSet kube-proxy is kept to nodes with label ${parkingLabel}`,
    };
  }
  const why = isParked ? `${count} nodes have label ${parkingLabel}` : "nothing keeps it from nodes";
  return { verdict: "failed", evidence: `DaemonSet kube-proxy is there, and ${why}` };
}
