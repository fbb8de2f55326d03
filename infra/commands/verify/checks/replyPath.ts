import { within } from "../../../../components/values/cidr.ts";
import type { Check, Finding, Live } from "../check.ts";
import { felixConfigurations, installation } from "../reading/calico.ts";
import { calicoNodePods, type LiveNode, nodes } from "../reading/objects.ts";
import { fromOutside, oneBackend } from "../workloads/probes.ts";
import { hasOtherNodes, nothingFromOutside } from "./connections.ts";

type Mode = "DSR" | "Tunnel";

async function configuredMode(live: Live): Promise<Mode | undefined> {
  const spec = (await felixConfigurations(live))?.find(({ metadata }) => metadata.name === "default")?.spec;
  if (spec?.["bpfEnabled"] !== true) return undefined;
  return spec["bpfExternalServiceMode"] === "DSR" ? "DSR" : "Tunnel";
}

/** The path that replies to forwarded requests really take. */
export const externalServiceMode: Check = {
  name: "external-service-mode",
  title: "replies from a NodePort take the configured path, DSR or Tunnel",
  source: "projectcalico/calico felix/bpf-gpl/tc.c and felix/bpf/conntrack: flags fwd-dsr and np-fwd",
  meaning:
    "The node does not forward in the configured mode: its programs are from an earlier configuration.",
  cure: "Restart calico-node on both nodes with kubectl delete pod, so that it attaches its programs again.",
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
        const answer = await fromOutside(live, ingress, port, "/hostname");
        if (!answer.ok) {
          const evidence = `no request passed here to ${backend.name}: ${answer.text}`;
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
      evidence: "its connection table no longer has such a request",
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
    const evidence = `its connection table no longer has a request forwarded by ${ingress.name}`;
    return { node: node.name, verdict: "unknown", evidence };
  }
  const isOptedOut = mode === "DSR" && one.flags.includes("no-dsr");
  return {
    node: node.name,
    verdict: isOptedOut ? "failed" : "passed",
    evidence: isOptedOut
      ? `configured DSR; bpfDSROptoutCIDRs sends the replies to the control plane back through ${ingress.name}`
      : `configured ${mode}; got the request from ${ingress.name}, flags ${one.flags.join(" ") || "none"}`,
  };
}

async function connectionsAt(live: Live, node: LiveNode, port: number): Promise<ForwardedConnection[]> {
  const pod = (await calicoNodePods(live)).find(({ nodeName }) => nodeName === node.name);
  if (pod === undefined) return [];
  // Of a busy node's half a million lines, only those of the probe's port are needed.
  const script = `calico-node -bpf conntrack dump --raw 2>/dev/null | grep -F 'OrigPort:${port} ' || true`;
  const { stdout } = await live.cluster.exec({
    namespace: pod.namespace,
    pod: pod.name,
    container: "calico-node",
    command: ["bash", "-c", script],
  });
  return forwardedConnections(stdout);
}

/** A connection to a service in a node's table, with what shows how it was forwarded between nodes. */
interface ForwardedConnection {
  /** Destination address of the client's request. */
  readonly askedIp: string;
  /** The other node; `0.0.0.0`: the connection was not forwarded. */
  readonly tunnelIp: string;
  /** Flags by name: `fwd-dsr`, `np-fwd`. */
  readonly flags: readonly string[];
  /** Whether a reply has passed through this node. */
  readonly sawReplies: boolean;
}

/**
 * Reads the lines of `calico-node -bpf conntrack dump --raw` that hold a translated connection. Format: projectcalico/calico v3.32.1 felix/bpf/conntrack/v4/map.go, Value.String.
 */
export function forwardedConnections(dump: string): ForwardedConnection[] {
  return dump.split("\n").flatMap((line) => {
    const [, flags] = /Entry\{Type:2,.*?Flags:(.*?) Data: /.exec(line) ?? [];
    const [, askedIp] = /\bOrigDst:(\S+)/.exec(line) ?? [];
    const [, tunnelIp] = /\bTunIP:([^\s}]+)/.exec(line) ?? [];
    if (flags === undefined || askedIp === undefined || tunnelIp === undefined) return [];
    const legs = [...line.matchAll(/[AB]2[AB]:\{(.*?)\}/g)].map(([, leg = ""]) => leg);
    const reply = legs.find((leg) => leg.includes("Opener:false")) ?? "";
    // B-A only marks which end is written first.
    const names = flags.split(" ").filter((word) => /^[a-z]/.test(word));
    return [{ askedIp, tunnelIp, flags: names, sawReplies: reply.includes("SynSeen:true") }];
  });
}

/** Which client address the pod sees when the request came through another node. */
export const clientAddress: Check = {
  name: "client-address",
  title: "pods see the client's address with externalTrafficPolicy: Cluster",
  source:
    "tigera/docs operations/ebpf/use-cases-ebpf.mdx: eBPF preserves the source address of external clients",
  meaning: "Pods see the forwarding node instead of the client: eBPF does not serve NodePorts there.",
  cure: "Check whether kube-proxy or its rules are still on this node (checks kube-proxy-pods, ebpf-mode).",
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
        const way = `through ${other.name} to ${node.name}`;
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

/** A node that forwards for a client may use its address on the pod network. */
async function podCidrs(live: Live): Promise<string[]> {
  const network = (await installation(live))?.spec?.["calicoNetwork"] as
    | { readonly ipPools?: readonly { readonly cidr: string }[] }
    | undefined;
  return (network?.ipPools ?? []).map(({ cidr }) => cidr).filter((cidr) => !cidr.includes(":"));
}
