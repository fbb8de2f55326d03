import { podIdentityAddress, podIdentityAgent } from "../../../../components/specs/addons.ts";
import type { Check, Live } from "../check.ts";
import { fromEachProbe, insist } from "../workloads/probes.ts";

/** Where the agent hands credentials out. */
const credentialsUrl = `http://${podIdentityAddress}/v1/credentials`;

/** Whether pods reach what gives them AWS credentials. */
export const podCredentials: Check = {
  name: "pod-credentials",
  title: "pods reach the EKS Pod Identity agent on their node",
  source:
    "EKS user guide, pod-id-agent-setup; projectcalico/calico felix/bpf-gpl/fib_co_re.h, forward_or_drop",
  meaning: "Pods on this node that use EKS Pod Identity get no AWS credentials.",
  cure: "Check that the pod of eks-pod-identity-agent on that node is ready; if it is, check that no policy denies pods TCP 80 of 169.254.170.23.",
  needs: ["workloads", "exec"],
  appliesTo: hasAgent,
  async run(live) {
    // Whatever it answers: a probe has no token of a service account with a role.
    const command = `curl -sS -m 5 -o /dev/null -w '%{http_code}' ${credentialsUrl}`;
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, command, 3);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok ? `${podIdentityAddress} answered with HTTP ${text}` : `${podIdentityAddress}: ${text}`,
      };
    });
  },
};

async function hasAgent({ cluster }: Live): Promise<string | true> {
  const agent = await cluster.get(`/apis/apps/v1/namespaces/kube-system/daemonsets/${podIdentityAgent}`);
  return agent === undefined ? "the cluster has no EKS Pod Identity agent" : true;
}
