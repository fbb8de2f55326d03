import { ClusterError } from "../../../kubernetes/errors.ts";
import { oneLine } from "../../../text.ts";
import { type Finding, type Live, oncePerRun } from "../check.ts";
import { calicoNodePods, type LiveNode, type LivePod, nodes, services } from "./objects.ts";

/** An eBPF program of Calico that is attached to a network interface. */
interface AttachedProgram {
  readonly interfaceName: string;
  readonly name: string;
}

/** What was seen on a node, from within calico-node. */
export interface NodeProbe {
  /** What `uname -r` and `uname -v` print, in one line. */
  readonly kernel: string;
  /** A BPF file system is mounted at /sys/fs/bpf. */
  readonly hasBpfFileSystem: boolean;
  readonly programs: readonly AttachedProgram[];
  /** Frontends of the service table: `172.20.0.1:443/tcp`. */
  readonly frontends: ReadonlySet<string>;
  /** Output instead of a table; empty: none. */
  readonly tableError: string;
  /** Rules that mention a service chain of kube-proxy. */
  readonly kubeProxyRules: number;
  /** The API server's address in calico-node's environment, `host:port`. */
  readonly apiServer: string;
  /** Why a connection to it failed; empty: it succeeded. */
  readonly apiServerError: string;
}

/** Prefix of each part of the script's output. */
const mark = "=====";

/** Seconds within which the API server must accept a connection. */
const connectSeconds = 5;

/**
 * Reads everything at once: a thousand nodes are a thousand commands, not six thousand. Every program in it is in
 * calico/node's image, which has no uname and no curl (projectcalico/calico node/clean-up-filesystem.sh). The table is
 * printed to stderr by releases up to 3.33; lines of backends begin with a tab.
 */
export const probeScript = [
  "cat /proc/sys/kernel/osrelease /proc/sys/kernel/version /proc/mounts",
  // A bpftool without TCX support lists none of its programs; Felix pins each under its interface's name.
  `echo "${mark}"; bpftool net 2>&1; ls /sys/fs/bpf/tcx 2>/dev/null | sed "s/^/pinned tcx /"`,
  `echo "${mark}"; calico-node -bpf nat dump 2>&1 | grep -v '^[[:space:]]'`,
  // The image defaults to the legacy tables; kube-proxy writes to those of the node's distribution.
  `echo "${mark}"; { iptables-save; command -v iptables-nft-save && iptables-nft-save; } 2>/dev/null | grep -c KUBE-SVC-`,
  `echo "${mark}"; echo "$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT"`,
  `timeout ${connectSeconds} bash -c "</dev/tcp/$KUBERNETES_SERVICE_HOST/$KUBERNETES_SERVICE_PORT" 2>&1`,
  'echo "exit code $?"',
].join("\n");

/** Parses the script's output; undefined: it did not finish. */
export function parseProbe(text: string): NodeProbe | undefined {
  const parts = text.split(`${mark}\n`).map((part) => part.split("\n").filter((line) => line !== ""));
  const [system, attached, table, rules, endpoint] = parts;
  if (!(system && attached && table && rules && endpoint)) return undefined;
  const [release = "", version = "", ...mounts] = system;
  const [apiServer = "", ...connecting] = endpoint;
  const frontends = table.flatMap((line) => frontendOf(line) ?? []);
  return {
    kernel: `${release} ${version}`,
    hasBpfFileSystem: mounts.some((line) => / \/sys\/fs\/bpf bpf /.test(line)),
    programs: programsIn(attached),
    frontends: new Set(frontends),
    tableError: frontends.length === 0 ? (table.at(-1) ?? "") : "",
    kubeProxyRules: Number(rules[0] ?? 0),
    apiServer,
    apiServerError: connectionError(connecting),
  };
}

const protocols: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp" };

/** `172.20.0.1 port 443 proto 6 id 0 count 1 local 0` */
function frontendOf(line: string): string | undefined {
  const [, ip, port, protocol = ""] = /^([\d.]+) port (\d+) proto (\d+) /.exec(line) ?? [];
  return ip === undefined ? undefined : `${ip}:${port}/${protocols[protocol] ?? protocol}`;
}

function programsIn(attached: readonly string[]): AttachedProgram[] {
  const listed = attached.flatMap((line) => programOf(line) ?? []);
  return listed.length > 0 ? listed : attached.flatMap((line) => pinnedOf(line) ?? []);
}

/** `pinned tcx eth0_ingress`, from which Felix removes dots (projectcalico/calico felix/bpf/tc/attach.go) */
function pinnedOf(line: string): AttachedProgram | undefined {
  const [, interfaceName] = /^pinned tcx (\S+)_(?:in|e)gress$/.exec(line) ?? [];
  return interfaceName === undefined ? undefined : { interfaceName, name: "a TCX program" };
}

/** `ens5(2) tcx/ingress cali_tc_preambl prog_id 41`, or `ens5(2) clsact/ingress cali_tc_preambl id 41` */
function programOf(line: string): AttachedProgram | undefined {
  const [, interfaceName, name] = /^(\S+)\(\d+\) \S*(?:in|e)gress\S* (cali\S*)/.exec(line) ?? [];
  return interfaceName === undefined || name === undefined ? undefined : { interfaceName, name };
}

function connectionError(lines: readonly string[]): string {
  const code = /^exit code (\d+)$/.exec(lines.at(-1) ?? "")?.[1];
  if (code === "0") return "";
  if (code === "124") return `no connection within ${connectSeconds} s`;
  return lines.slice(0, -1).join("; ") || "connection refused";
}

/** What was seen on a node, or an error. */
export type Probed = { readonly node: LiveNode } & (
  | { readonly probe: NodeProbe }
  | { readonly error: string }
);

const forbidden = 403;

/** Time limit of one attempt at a node; there are two attempts. */
const timeoutSeconds = 45;

/** Inspects every node from within its calico-node. */
export const probes = oncePerRun(async (live): Promise<Probed[]> => {
  // Services are listed first, so that they have time to reach the nodes' tables.
  await services(live);
  const [all, pods] = await Promise.all([nodes(live), calicoNodePods(live)]);
  const byNode = new Map(pods.map((pod) => [pod.nodeName, pod]));
  let refusal: ClusterError | undefined;
  return Promise.all(
    all.map(async (node): Promise<Probed> => {
      const pod = byNode.get(node.name);
      if (pod === undefined) return { node, error: "no calico-node runs here" };
      try {
        // A permission missing once is missing everywhere.
        if (refusal !== undefined) throw refusal;
        return { node, probe: await probe(live, pod) };
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.status === forbidden) refusal = error;
        return { node, error: error.message };
      }
    }),
  );
});

/** A finding for each node, unknown where it could not be inspected. */
export async function perNode(
  live: Live,
  look: (probe: NodeProbe, node: LiveNode) => Omit<Finding, "node">,
): Promise<Finding[]> {
  return (await probes(live)).map((probed) => {
    const { name } = probed.node;
    if ("error" in probed) return { node: name, verdict: "unknown", evidence: probed.error };
    return { node: name, ...look(probed.probe, probed.node) };
  });
}

async function probe({ cluster }: Live, { namespace, name }: LivePod): Promise<NodeProbe> {
  const command = ["bash", "-c", probeScript];
  const call = { namespace, pod: name, container: "calico-node", command, timeoutSeconds };
  // It is read-only: after a cut-off or a timeout, it may be repeated.
  const again = (error: unknown) => {
    if (error instanceof ClusterError && error.status === 0) return cluster.exec(call);
    throw error;
  };
  const { stdout, stderr } = await cluster.exec(call).catch(again);
  const seen = parseProbe(stdout);
  if (seen !== undefined) return seen;
  throw new ClusterError(0, `pod ${name} could not be inspected: ${oneLine(stderr || stdout)}`);
}
