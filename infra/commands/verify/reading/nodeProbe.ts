/** An eBPF program of Calico that is attached to a network interface. */
export interface AttachedProgram {
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
  /** What was printed instead of a table; empty: nothing. */
  readonly tableError: string;
  /** Rules that mention a service chain of kube-proxy. */
  readonly kubeProxyRules: number;
  /** Where calico-node was told that the API server is, `host:port`. */
  readonly apiServer: string;
  /** What kept a connection to it from being made; empty: it was made. */
  readonly apiServerError: string;
}

/** Begins each part of what the script prints. */
const mark = "=====";

/** Seconds in which the API server has to accept a connection. */
const connectSeconds = 5;

/**
 * Looks at everything in one go: a thousand nodes are a thousand commands, not six thousand. Every program in it is in
 * calico/node's image, which has no uname and no curl (projectcalico/calico node/clean-up-filesystem.sh). The table is
 * printed to stderr by releases up to 3.33; lines of backends begin with a tab.
 */
export const probeScript = [
  "cat /proc/sys/kernel/osrelease /proc/sys/kernel/version /proc/mounts",
  // A bpftool that does not know TCX lists none of its programs; Felix pins each under its interface's name.
  `echo "${mark}"; bpftool net 2>&1; ls /sys/fs/bpf/tcx 2>/dev/null | sed "s/^/pinned tcx /"`,
  `echo "${mark}"; calico-node -bpf nat dump 2>&1 | grep -v '^[[:space:]]'`,
  // The image's own choice is the legacy one; kube-proxy writes where the node's distribution does.
  `echo "${mark}"; { iptables-save; command -v iptables-nft-save && iptables-nft-save; } 2>/dev/null | grep -c KUBE-SVC-`,
  `echo "${mark}"; echo "$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT"`,
  `timeout ${connectSeconds} bash -c "</dev/tcp/$KUBERNETES_SERVICE_HOST/$KUBERNETES_SERVICE_PORT" 2>&1`,
  'echo "exit code $?"',
].join("\n");

/** Reads what the script printed; undefined: it did not run to its end. */
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

/** `pinned tcx eth0_ingress`, of which Felix has left out the dots (projectcalico/calico felix/bpf/tc/attach.go) */
function pinnedOf(line: string): AttachedProgram | undefined {
  const [, interfaceName] = /^pinned tcx (\S+)_(?:in|e)gress$/.exec(line) ?? [];
  return interfaceName === undefined ? undefined : { interfaceName, name: "a program by TCX" };
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
  return lines.slice(0, -1).join("; ") || "it refuses the connection";
}
