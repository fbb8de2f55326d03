import { within } from "../../../../../components/values/cidr.ts";
import type { Check, Finding, Live } from "../../check.ts";
import { installation } from "../../reading/calico.ts";
import { nodes } from "../../reading/nodes.ts";
import { fromOutside, oneBackend } from "../../workloads/ask.ts";
import { hasOtherNodes, nothingFromOutside } from "./otherNodes.ts";

/** What the pod sees of a client whose request came by another node. */
export const clientAddress: Check = {
  name: "client-address",
  title: "a pod sees the client's address though externalTrafficPolicy is Cluster",
  source:
    "tigera/docs operations/ebpf/use-cases-ebpf.mdx: eBPF preserves the source address of external clients",
  meaning: "Pods see the node that forwarded in place of the client: eBPF does not serve NodePorts there.",
  cure: "See whether kube-proxy or its rules are still on this node (checks kube-proxy-pods, ebpf-mode).",
  needs: ["workloads", "node-proxy"],
  appliesTo: hasOtherNodes,
  async run(live) {
    const [{ nodePort: port, node, others }, all] = await Promise.all([oneBackend(live), nodes(live)]);
    const byIp = new Map(all.map(({ internalIp, name }) => [internalIp, `node ${name}`]));
    const pools = await podCidrs(live);
    const ofPods = (address: string) => pools.some((cidr) => within(`${address}/32`, cidr));
    const found = await Promise.all(
      others.map(async (other): Promise<Finding> => {
        const { ok, text } = await fromOutside(live, other, port, "/clientip");
        const address = text.replace(/:\d+$/, "");
        const way = `by ${other.name} to ${node.name}`;
        if (!ok) return { node: other.name, verdict: "unknown", evidence: `no request came ${way}: ${text}` };
        const hidden = byIp.get(address) ?? (ofPods(address) ? "a node's end of a tunnel" : undefined);
        return {
          node: other.name,
          verdict: hidden === undefined ? "passed" : "failed",
          evidence:
            hidden === undefined
              ? `the control plane, ${way}, was seen as ${address}, which no node has`
              : `the control plane, ${way}, was seen as ${address}, which is ${hidden}`,
        };
      }),
    );
    if (found.some(({ verdict }) => verdict !== "unknown")) return found;
    const own = await fromOutside(live, node, port, "/clientip");
    return own.ok ? found : [{ verdict: "unknown", evidence: nothingFromOutside(port, own.text) }];
  },
};

/** A node that sends in a client's place may do so with its address on the pod network. */
async function podCidrs(live: Live): Promise<string[]> {
  const network = (await installation(live))?.spec?.["calicoNetwork"] as
    | { readonly ipPools?: readonly { readonly cidr: string }[] }
    | undefined;
  return (network?.ipPools ?? []).map(({ cidr }) => cidr).filter((cidr) => !cidr.includes(":"));
}
