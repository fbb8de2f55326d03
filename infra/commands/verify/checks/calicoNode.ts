import type { Check, Finding } from "../check.ts";
import { type LiveNode, nodes } from "../reading/nodes.ts";
import { calicoNodePods, type LivePod } from "../reading/pods.ts";

/** calico-node on every node. */
export const calicoNode: Check = {
  name: "calico-node",
  title: "calico-node is Ready on every node",
  source: "tigera/docs operations/troubleshoot/troubleshooting.mdx; DaemonSet calico-node",
  meaning: "Pods on such a node have no network, or one that no longer follows changes.",
  cure: "Read the pod's log and events; a permission for the source/destination check, Typha on TCP 5473 and the image are the usual causes.",
  needs: ["read"],
  async run(live) {
    const [all, pods] = await Promise.all([nodes(live), calicoNodePods(live)]);
    const byNode = new Map(pods.map((pod) => [pod.nodeName, pod]));
    return all.map((node) => findingOf(node, byNode.get(node.name)));
  },
};

function findingOf({ name: node, ready }: LiveNode, pod: LivePod | undefined): Finding {
  if (pod === undefined) return { node, verdict: "failed", evidence: "no calico-node runs here" };
  if (!pod.ready) {
    const why = pod.reason === "" ? `it is ${pod.phase}` : pod.reason;
    return { node, verdict: "failed", evidence: `pod ${pod.name} is not ready: ${why}` };
  }
  if (!ready)
    return { node, verdict: "failed", evidence: `pod ${pod.name} is ready, and the node itself is not` };
  return { node, verdict: "passed", evidence: "ready" };
}
