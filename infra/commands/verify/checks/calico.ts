import { oneLine } from "../../../text.ts";
import type { Check, Finding } from "../check.ts";
import { type CalicoObject, installation, tigeraStatuses } from "../reading/calico.ts";
import { calicoNodePods, type LiveNode, type LivePod, nodes } from "../reading/objects.ts";

/** calico-node on every node. */
export const calicoNode: Check = {
  name: "calico-node",
  title: "calico-node is Ready on every node",
  source: "tigera/docs operations/troubleshoot/troubleshooting.mdx; DaemonSet calico-node",
  meaning: "Pods on such a node have no network, or one that is no longer updated.",
  cure: "Read the pod's log and events. The usual causes: the permission for the source/destination check, Typha on TCP 5473, the image.",
  needs: ["read"],
  async run(live) {
    const [all, pods] = await Promise.all([nodes(live), calicoNodePods(live)]);
    const byNode = new Map(pods.map((pod) => [pod.nodeName, pod]));
    return all.map((node) => podFinding(node, byNode.get(node.name)));
  },
};

function podFinding({ name: node, ready }: LiveNode, pod: LivePod | undefined): Finding {
  if (pod === undefined) return { node, verdict: "failed", evidence: "no calico-node runs here" };
  if (!pod.ready) {
    const why = pod.reason === "" ? `it is ${pod.phase}` : pod.reason;
    return { node, verdict: "failed", evidence: `pod ${pod.name} is not ready: ${why}` };
  }
  if (!ready) return { node, verdict: "failed", evidence: `pod ${pod.name} is ready, but the node is not` };
  return { node, verdict: "passed", evidence: "ready" };
}

/** Status that Calico's operator reports. */
export const operatorStatus: Check = {
  name: "operator-status",
  title: "the operator reports every part of Calico available, and none degraded",
  source: "tigera/operator api/v1/tigerastatus_types.go",
  meaning: "The operator has not applied, or cannot apply, the Installation.",
  cure: "Follow the message; the operator's log has details. Where it refuses to override bpfEnabled, remove the field and the annotation operator.tigera.io/bpfEnabled from FelixConfiguration default.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await installation(live)) === undefined ? "Calico was not installed by its operator" : true,
  async run(live) {
    return ((await tigeraStatuses(live)) ?? []).map(statusFinding);
  },
};

function statusFinding({ metadata: { name }, status = {} }: CalicoObject): Finding {
  const condition = (wanted: string) => status.conditions?.find(({ type }) => type === wanted);
  const degraded = condition("Degraded");
  const available = condition("Available");
  if (degraded?.status === "True") {
    return { verdict: "failed", evidence: `${name} is degraded: ${oneLine(degraded.message ?? "")}` };
  }
  if (available?.status !== "True") {
    const why = oneLine(available?.message || condition("Progressing")?.message || "no reason given");
    return { verdict: "failed", evidence: `${name} is not available: ${why}` };
  }
  return { verdict: "passed", evidence: `${name} is available` };
}
