import type { Check } from "../../check.ts";
import { fromEachProbe, insist } from "../../workloads/ask.ts";

/** The API server as pods know it. */
export const apiFromPod: Check = {
  name: "api-from-pod",
  title: "pods reach the API server by its service",
  source: "kubernetes.io, Accessing the Kubernetes API from a Pod",
  meaning: "Controllers and operators on this node cannot work.",
  cure: "If service-cluster-ip passes there, see that the control plane's security group lets nodes in at TCP 443.",
  needs: ["workloads", "exec"],
  async run(live) {
    // Any answer will do, a refusal too: the pod has no token.
    const command =
      "curl -sSk -m 5 -o /dev/null -w '%{http_code}' https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/version";
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, command, 3);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok ? `service kubernetes answered with HTTP ${text}` : `service kubernetes: ${text}`,
      };
    });
  },
};
