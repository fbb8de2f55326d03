import { awsNodeProblems } from "../../../../components/checks/existing/vpcCni.ts";
import { vpcCniOf } from "../../../existing/objects.ts";
import type { Check, Finding } from "../check.ts";
import { hasVpcCni, vpcCniDaemonSet } from "../reading/calico.ts";
import { awsNodePods, type LivePod, nodes } from "../reading/objects.ts";

/** The AWS VPC CNI, where it gives pods their addresses. */
export const vpcCni: Check = {
  name: "vpc-cni",
  title: "the AWS VPC CNI is ready on every node, and its settings are compatible with Calico's eBPF",
  source: "components/facts/vpcCni.ts; amazon-vpc-cni-k8s README.md; DaemonSet aws-node",
  meaning:
    "On such a node new pods get no address; or packets of pods are dropped, or bypass Calico's programs.",
  cure: "Follow the finding: set the release or the configuration of the add-on vpc-cni. Where a pod is not ready, read its log and events; the usual cause is the permission for network interfaces.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await hasVpcCni(live)) || "pods do not get their addresses from the AWS VPC CNI",
  async run(live) {
    const [daemonSet, all, pods] = await Promise.all([vpcCniDaemonSet(live), nodes(live), awsNodePods(live)]);
    if (daemonSet === undefined) {
      return [{ verdict: "failed", evidence: "there is no DaemonSet aws-node in kube-system" }];
    }
    const byNode = new Map(pods.map((pod) => [pod.nodeName, pod]));
    return [
      ...awsNodeProblems(vpcCniOf(daemonSet)).map(
        ({ path, found, needs }): Finding => ({ verdict: "failed", evidence: `${path}: ${found}; ${needs}` }),
      ),
      ...all.map(({ name }) => podFinding(name, byNode.get(name))),
    ];
  },
};

function podFinding(node: string, pod: LivePod | undefined): Finding {
  if (pod === undefined) return { node, verdict: "failed", evidence: "no aws-node runs here" };
  if (pod.ready) return { node, verdict: "passed", evidence: "ready" };
  const why = pod.reason === "" ? `it is ${pod.phase}` : pod.reason;
  return { node, verdict: "failed", evidence: `pod ${pod.name} is not ready: ${why}` };
}
