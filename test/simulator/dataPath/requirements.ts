import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { delimiter, join } from "node:path";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { cgroupMount } from "./cgroups.ts";
import { type Ended, run } from "./command.ts";

/** Oldest kernel that Calico's eBPF data path runs on (Calico: eBPF requirements). */
const oldestKernel = [5, 10] as const;

/** The properties of a machine that the lab depends on. */
export interface Machine {
  readonly platform: string;
  /** User id; undefined: the platform has none. */
  readonly uid: number | undefined;
  /** `6.18.44-fc-v595` */
  readonly kernel: string;
  readonly hasBtf: boolean;
  readonly cgroup2: string | undefined;
  /** Whether a program is on PATH. */
  has(program: string): boolean;
  hasFile(path: string): boolean;
  /** Runs a command in a new network namespace. */
  attempt(script: string): Promise<Ended>;
}

/** Programs that the lab runs, with the Debian package of each. */
const neededPrograms: Readonly<Record<string, string>> = {
  bpftool: "bpftool",
  curl: "curl",
  ip: "iproute2",
  ipset: "ipset",
  iptables: "iptables",
  nft: "nftables",
  nslookup: "bind9-dnsutils",
  nsenter: "util-linux",
  openssl: "openssl",
  ping: "iputils-ping",
  setpriv: "util-linux",
  sysctl: "procps",
  unshare: "util-linux",
};

/** Programs that building Calico takes besides Go, when it is not in the cache. */
const buildPrograms: Readonly<Record<string, string>> = {
  clang: "clang",
  gcc: "gcc",
  go: "golang",
  llc: "llvm",
  make: "make",
};

/** Headers that it takes. */
const buildHeaders: Readonly<Record<string, string>> = {
  "/usr/include/libelf.h": "libelf-dev",
  "/usr/include/linux/bpf.h": "linux-libc-dev",
  "/usr/include/pcap.h": "libpcap-dev",
  "/usr/include/stdlib.h": "libc6-dev",
  "/usr/include/zlib.h": "zlib1g-dev",
};

/** What the kernel has to let a network namespace do, and the module that does it. */
const trials: readonly (readonly [script: string, module: string])[] = [
  ["ip link add name v0 type veth peer name v1", "veth"],
  ["ip link add name v0 type vxlan id 1 dstport 4789", "vxlan"],
  ["ipset create a hash:ip", "ip_set_hash_ip"],
  ["iptables -t nat -S", "iptable_nat or nf_tables"],
  [
    "nft 'add table ip t; add chain ip t c { type filter hook forward priority 0; }; add rule ip t c ct state new'",
    "nf_conntrack",
  ],
  ["mount -t bpf bpf /mnt", "CONFIG_BPF_SYSCALL"],
  [
    "nft 'add table netdev t; add chain netdev t c { type filter hook ingress device lo priority 0; }; add rule netdev t c meta pkttype set unicast'",
    "nf_tables_netdev",
  ],
  [
    "mount -t tmpfs t /mnt && mkdir /mnt/u /mnt/w && mount -t overlay -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w o /mnt",
    "overlay",
  ],
];

export interface RequirementOptions {
  /** Calico's programs have to be built first. */
  readonly builds: boolean;
  /** Measurements are made, too. Default: false. */
  readonly measures?: boolean;
}

/** What this machine lacks for `--data-path real`, a line each with what to do; empty: nothing. */
export async function missingRequirements(
  { builds, measures = false }: RequirementOptions,
  machine: Machine = thisMachine(),
): Promise<string[]> {
  const { platform, uid, kernel, hasBtf, cgroup2 } = machine;
  if (platform !== "linux") return [`this machine runs ${platform}; the data path needs Linux`];
  if (uid !== 0) return [`this user is not root; run it with sudo`];
  const problems: string[] = [];
  const [major = 0, minor = 0] = kernel.split(/[.-]/).map(Number);
  if (major < oldestKernel[0] || (major === oldestKernel[0] && minor < oldestKernel[1])) {
    problems.push(`kernel ${kernel} is too old; Calico's eBPF needs ${oldestKernel.join(".")} or newer`);
  }
  if (!hasBtf)
    problems.push("the kernel has no BTF (/sys/kernel/btf/vmlinux); use one with CONFIG_DEBUG_INFO_BTF=y");
  if (cgroup2 === undefined) {
    problems.push("no cgroup2 file system is mounted; run: mount -t cgroup2 none /sys/fs/cgroup/unified");
  }
  problems.push(...absentFiles(machine, { builds, measures }));
  // What cannot be tried says nothing of the kernel.
  if (problems.length > 0) return problems;
  const failed = await Promise.all(
    trials.map(async ([script, module]) => ({ module, ended: await machine.attempt(script) })),
  );
  return failed.flatMap(({ module, ended: { code, stderr } }) => {
    const said = stderr.trim().split("\n").at(-1) ?? "";
    return code === 0 ? [] : [`the kernel lacks ${module} (${said}); ${remedy(module)}`];
  });
}

/** An option of the kernel build cannot be loaded as a module. */
function remedy(module: string): string {
  return module.startsWith("CONFIG_") ? `use one with ${module}=y` : `run: modprobe ${module.split(" ")[0]}`;
}

/** One line for all: one command installs them. */
function absentFiles({ has, hasFile }: Machine, { builds, measures }: RequirementOptions): string[] {
  const programs = Object.entries({
    ...neededPrograms,
    ...(builds ? buildPrograms : {}),
    ...(measures ? { iperf3: "iperf3" } : {}),
  });
  const headers = Object.entries(builds ? buildHeaders : {});
  const absent = [
    ...programs.filter(([program]) => !has(program)),
    ...headers.filter(([header]) => !hasFile(header)),
  ];
  if (absent.length === 0) return [];
  const packages = [...new Set(absent.map(([, name]) => name))].join(" ");
  return [`missing: ${absent.map(([name]) => name).join(", ")}; run: apt-get install ${packages}`];
}

function thisMachine(): Machine {
  const folders = (ownEnvironment()["PATH"] ?? "").split(delimiter);
  return {
    platform: process.platform,
    uid: process.getuid?.(),
    kernel: release(),
    hasBtf: existsSync("/sys/kernel/btf/vmlinux"),
    cgroup2: cgroupMount(
      existsSync("/proc/self/mountinfo") ? readFileSync("/proc/self/mountinfo", "utf8") : "",
    ),
    hasFile: existsSync,
    has: (program) => folders.some((folder) => existsSync(join(folder, program))),
    attempt: (script) =>
      run(["unshare", "--net", "--mount", "--propagation=private", "sh", "-c", script], {
        timeoutSeconds: 20,
      }),
  };
}
