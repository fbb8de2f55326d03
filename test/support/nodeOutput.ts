import { readFileSync } from "node:fs";
import { join } from "node:path";

/** File of what a program has printed on a real node, three nodes and a kernel 6.18: `v3.32.1-dsr-nat-dump`. */
export function recordedFile(name: string): string {
  return join(import.meta.dirname, "../unit/infra/commands/verify/recorded", `${name}.txt`);
}

/** What it has printed. */
export function recorded(name: string): string {
  return readFileSync(recordedFile(name), "utf8");
}

/** The parts of what verify's look into a node prints. */
export interface NodeOutput {
  /** What /proc says of the kernel, a line each for release and version. */
  readonly kernel: string;
  readonly mounts: string;
  /** What `bpftool net` prints, and then what Felix has pinned. */
  readonly net: string;
  /** What `calico-node -bpf nat dump` prints. */
  readonly table: string;
  /** Rules that mention a service chain of kube-proxy. */
  readonly rules: string;
  /** Where calico-node finds the API server: `host:port`. */
  readonly endpoint: string;
  /** What connecting to it prints. */
  readonly connecting: string;
}

const pins = recorded("v3.32.1-dsr-tcx").replace(/^(?=.)/gm, "pinned tcx ");

/** What a healthy node with Calico 3.32.1 in mode DSR has printed. */
const healthy: NodeOutput = {
  kernel: "6.18.44\n#1 SMP PREEMPT_DYNAMIC\n",
  mounts: "bpf /sys/fs/bpf bpf rw,nosuid,nodev,noexec,relatime,mode=700 0 0\n",
  net: `${recorded("v3.32.1-dsr-bpftool-net")}${pins}`,
  table: recorded("v3.32.1-dsr-nat-dump"),
  rules: "0\n",
  endpoint: "10.0.0.1:6443\n",
  connecting: "exit code 0\n",
};

/** What verify's look into a node prints: that of a healthy one, with some parts of another. */
export function nodeOutput(parts: Partial<NodeOutput> = {}): string {
  const { kernel, mounts, net, table, rules, endpoint, connecting } = { ...healthy, ...parts };
  // The script drops lines that begin with a tab, which are those of backends.
  const frontends = table.replace(/^\t.*\n/gm, "");
  return [`${kernel}${mounts}`, net, frontends, rules, `${endpoint}${connecting}`].join("=====\n");
}

interface Service {
  readonly spec: {
    readonly clusterIP?: string;
    readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
  };
}

/**
 * Calico's table of services, as `calico-node -bpf nat dump` prints it.
 * @param services items of the API's list
 */
export function tableOf(services: unknown): string {
  return (services as readonly Service[])
    .flatMap(({ spec: { clusterIP, ports = [] } }) =>
      ports.map(({ port, protocol }) => `${clusterIP} port ${port} proto ${protocol === "UDP" ? 17 : 6} `),
    )
    .map((line, id) => `${line}id ${id} count 1 local 0\n`)
    .join("");
}
