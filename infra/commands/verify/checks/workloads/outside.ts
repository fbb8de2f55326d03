import type { Check, Live } from "../../check.ts";
import { nodes } from "../../reading/nodes.ts";
import { fromEachProbe, insist } from "../../workloads/ask.ts";

/** An AWS service that a network without a way to the internet has an endpoint of, too (facts/privateEndpoints.ts). */
async function hostOutside(live: Live): Promise<string | undefined> {
  const region = (await nodes(live)).find((node) => node.region !== undefined)?.region;
  if (region === undefined) return undefined;
  return `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** What is outside of the cluster. */
export const outside: Check = {
  name: "outside",
  title: "pods reach what is outside of the cluster",
  source: "tigera/docs networking/configuring/workloads-outside-cluster.mdx: natOutgoing of the IP pool",
  meaning: "Pods on this node reach nothing beyond the nodes: their addresses are known only here.",
  cure: "See that the IP pool has natOutgoing, and that the nodes' subnet has a NAT gateway or an endpoint of STS.",
  needs: ["workloads", "exec"],
  appliesTo: async (live) =>
    (await hostOutside(live)) === undefined ? "the nodes name no AWS region in which to ask" : true,
  async run(live) {
    const host = await hostOutside(live);
    const command = `curl -sS -m 10 -o /dev/null -w '%{http_code}' https://${host}/`;
    return fromEachProbe(live, async (probe) => {
      const { ok, text } = await insist(live, probe, command, 2);
      return {
        verdict: ok ? "passed" : "failed",
        evidence: ok ? `${host} answered with HTTP ${text}` : `${host}: ${text}`,
      };
    });
  },
};
