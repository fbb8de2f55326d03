import type { Check, Finding } from "../../check.ts";
import { fromOutside, oneBackend } from "../../workloads/ask.ts";
import { hasOtherNodes, nothingFromOutside } from "./otherNodes.ts";

/**
 * NodePorts from outside. A client in the cluster would prove nothing: its own node translates the NodePort of any node
 * at once. The control plane is outside, and asks the nodes by the API server's node proxy.
 */
export const nodePort: Check = {
  name: "node-port",
  title: "a NodePort answers at nodes without a backend",
  source:
    "projectcalico/calico felix/bpf-gpl/nat_lookup.h: remote NodePorts are translated where traffic begins",
  meaning: "Clients reach the service only by the nodes that its pods happen to run on.",
  cure: "Open UDP 4789 between the nodes both ways; under DSR, see checks source-destination-check and node-subnet too.",
  needs: ["workloads", "node-proxy"],
  appliesTo: hasOtherNodes,
  async run(live) {
    const { nodePort: port, node, pod, others } = await oneBackend(live);
    const own = await fromOutside(live, node, port, "/hostname");
    const found = await Promise.all(
      others.map(async (other): Promise<Finding> => {
        const { ok, text } = await fromOutside(live, other, port, "/hostname");
        const where = `NodePort ${port}, with its backend on ${node.name}`;
        return {
          node: other.name,
          verdict: ok && text === pod.name ? "passed" : "failed",
          evidence: ok ? `${where}, answered from ${text}` : `${where}, did not answer: ${text}`,
        };
      }),
    );
    if (own.ok || found.some(({ verdict }) => verdict === "passed")) return found;
    return [{ verdict: "unknown", evidence: nothingFromOutside(port, own.text) }];
  },
};
