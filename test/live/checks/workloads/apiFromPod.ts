import type { Check } from "../../check.ts";
import { insist } from "../../workloads/ask.ts";
import { probes } from "../../workloads/probes.ts";

/** The API server as pods know it. */
export const apiFromPod: Check = {
  name: "api-from-pod",
  title: "pods reach the API server by its service",
  source: "kubernetes.io, Accessing the Kubernetes API from a Pod",
  meaning: "Controllers and operators on this node cannot work.",
  cure: "If service-cluster-ip passes there, see that the control plane's security group lets nodes in at TCP 443.",
  needs: ["workloads", "exec"],
  async run(live) {
    const { pods } = await probes(live);
    // Any answer will do, a refusal too: the pod has no token.
    const command =
      "curl -sSk -m 5 -o /dev/null -w '%{http_code}' https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/version";
    return Promise.all(
      pods.map(async (probe) => {
        const { ok, text } = await insist(live, probe, command, 3);
        return {
          node: probe.node,
          verdict: ok ? "passed" : "failed",
          evidence: ok ? `service kubernetes answered with HTTP ${text}` : `service kubernetes: ${text}`,
        };
      }),
    );
  },
};
