import type { Check, Finding, Live } from "../../check.ts";
import { felixConfigurations } from "../../reading/calico.ts";
import type { LiveNode } from "../../reading/nodes.ts";
import { calicoNodePods } from "../../reading/pods.ts";
import { fromOutside, oneBackend } from "../../workloads/ask.ts";
import { type ForwardedConnection, forwardedConnections } from "./forwardedConnections.ts";
import { hasOtherNodes } from "./otherNodes.ts";

type Mode = "DSR" | "Tunnel";

async function configuredMode(live: Live): Promise<Mode | undefined> {
  const spec = (await felixConfigurations(live))?.find(({ metadata }) => metadata.name === "default")?.spec;
  if (spec?.["bpfEnabled"] !== true) return undefined;
  return spec["bpfExternalServiceMode"] === "DSR" ? "DSR" : "Tunnel";
}

/** Which way the replies to forwarded requests really take. */
export const externalServiceMode: Check = {
  name: "external-service-mode",
  title: "replies to a NodePort take the way that is configured, DSR or Tunnel",
  source: "projectcalico/calico felix/bpf-gpl/tc.c and felix/bpf/conntrack: flags fwd-dsr and np-fwd",
  meaning:
    "The node forwards in another mode than its configuration says: its programs are those of an earlier one.",
  cure: "Restart calico-node on both nodes, so that it attaches its programs anew: kubectl delete pod.",
  needs: ["workloads", "node-proxy", "exec"],
  appliesTo: async (live) =>
    (await configuredMode(live)) === undefined ? "eBPF is off by configuration" : hasOtherNodes(live),
  async run(live) {
    const [{ nodePort: port, node: backend, others }, mode = "Tunnel"] = await Promise.all([
      oneBackend(live),
      configuredMode(live),
    ]);
    const found = await Promise.all(
      others.map(async (ingress): Promise<Finding[]> => {
        const asked = await fromOutside(live, ingress, port, "/hostname");
        if (!asked.ok) {
          const evidence = `no request came by here to ${backend.name}: ${asked.text}`;
          return [{ node: ingress.name, verdict: "unknown", evidence }];
        }
        const [here, there] = await Promise.all([
          connectionsAt(live, ingress, port),
          connectionsAt(live, backend, port),
        ]);
        return [
          ingressFinding(
            ingress,
            mode,
            here.find((one) => one.askedIp === ingress.internalIp),
          ),
          backendFinding(
            backend,
            ingress,
            mode,
            there.find((one) => one.tunnelIp === ingress.internalIp),
          ),
        ];
      }),
    );
    return found.flat();
  },
};

function ingressFinding(node: LiveNode, mode: Mode, one: ForwardedConnection | undefined): Finding {
  if (one === undefined) {
    return {
      node: node.name,
      verdict: "unknown",
      evidence: "its connection table has no such request any more",
    };
  }
  const inEffect: Mode = one.flags.includes("fwd-dsr") && !one.sawReplies ? "DSR" : "Tunnel";
  const replies = one.sawReplies ? "replies came back through it" : "replies did not come back through it";
  const flags = one.flags.join(" ") || "none";
  return {
    node: node.name,
    verdict: inEffect === mode && one.flags.includes("np-fwd") ? "passed" : "failed",
    evidence: `configured ${mode}; forwarded with flags ${flags}, ${replies}`,
  };
}

function backendFinding(
  node: LiveNode,
  ingress: LiveNode,
  mode: Mode,
  one: ForwardedConnection | undefined,
): Finding {
  if (one === undefined) {
    const evidence = `its connection table has no request forwarded by ${ingress.name} any more`;
    return { node: node.name, verdict: "unknown", evidence };
  }
  const isOptedOut = mode === "DSR" && one.flags.includes("no-dsr");
  return {
    node: node.name,
    verdict: isOptedOut ? "failed" : "passed",
    evidence: isOptedOut
      ? `configured DSR; bpfDSROptoutCIDRs sends the replies to the control plane back by ${ingress.name}`
      : `configured ${mode}; got the request from ${ingress.name}, flags ${one.flags.join(" ") || "none"}`,
  };
}

async function connectionsAt(live: Live, node: LiveNode, port: number): Promise<ForwardedConnection[]> {
  const pod = (await calicoNodePods(live)).find(({ nodeName }) => nodeName === node.name);
  if (pod === undefined) return [];
  // Of a busy node's half a million lines, only those of our own port are to come.
  const script = `calico-node -bpf conntrack dump --raw 2>/dev/null | grep -F 'OrigPort:${port} ' || true`;
  const { stdout } = await live.cluster.exec({
    namespace: pod.namespace,
    pod: pod.name,
    container: "calico-node",
    command: ["bash", "-c", script],
  });
  return forwardedConnections(stdout);
}
