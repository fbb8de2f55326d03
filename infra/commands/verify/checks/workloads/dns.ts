import type { Check } from "../../check.ts";
import { fromEachProbe, insist } from "../../workloads/ask.ts";

/** Names, by CoreDNS behind a service. */
export const dns: Check = {
  name: "dns",
  title: "pods resolve the name of a service",
  source: "kubernetes.io, DNS for Services and Pods",
  meaning: "Pods on this node find no service by its name.",
  cure: "If service-cluster-ip passes there, look at the pods of CoreDNS; if not, mend that first.",
  needs: ["workloads", "exec"],
  async run(live) {
    const service = await live.cluster.get<{ spec: { clusterIP: string } }>(
      "/api/v1/namespaces/default/services/kubernetes",
    );
    const expected = service?.spec.clusterIP ?? "";
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, "nslookup kubernetes.default", 5);
      const isRight = ok && text.split(" ").includes(expected);
      return {
        verdict: isRight ? "passed" : "failed",
        evidence: isRight ? `kubernetes.default is ${expected}` : `kubernetes.default: ${text}`,
      };
    });
  },
};
