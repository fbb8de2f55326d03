import { workloadImages } from "../verify/workloads/podSpec.ts";

/** Images of the pods that send and serve; both exist for x86_64 and arm64. */
export const toolImages = {
  /** iperf3 and curl. Source: nicolaka/netshoot, Dockerfile at tag v0.16 (2026-07-01); read 2026-11-21. */
  client: { registry: "docker.io", path: "nicolaka/netshoot:v0.16" },
  /** A server that says whom it sees. */
  http: workloadImages.agnhost,
} as const;

/** Ports that the servers listen on, in the pods. */
export const ports = { iperf3: 5201, http: 8080 } as const;

/** MTU that is measured besides the cluster's own: the largest that also fits in WireGuard on a 1500-byte network. Source: tigera/docs networking/configuring/mtu.mdx. */
export const smallMtuBytes = 1440;

/** Bytes of headers in a TCP packet, IPv4 without options. Source: RFC 791 (20), RFC 9293 (20). */
const headerBytes = 40;

/** A tool that failed to measure, with its message. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** Where something answers. */
export type Destination = { readonly host: string; readonly port: number };

/** iperf3, which writes a file, where the image's own folders are read-only. */
export const iperf3 = ["env", "TMPDIR=/dev/shm", "iperf3"] as const;

/**
 * Its command line of one run.
 * @param reverse the server sends
 * @param mtuBytes largest packet. Default: TCP discovers it
 */
export function iperf3Command(
  to: Destination,
  seconds: number,
  reverse: boolean,
  mtuBytes?: number,
): string[] {
  const size = mtuBytes === undefined ? [] : ["--set-mss", String(mtuBytes - headerBytes)];
  return [
    ...[...iperf3, "--json", "--client", to.host, "--port", String(to.port)],
    ...["--time", String(seconds), "--connect-timeout", "5000", ...size, ...(reverse ? ["--reverse"] : [])],
  ];
}

interface Iperf3Output {
  readonly error?: string;
  readonly end?: { readonly sum_received?: { readonly bytes: number; readonly bits_per_second: number } };
}

/**
 * Reads what `iperf3 --json` printed.
 * @throws ToolError with iperf3's reason when it failed to measure
 */
export function readIperf3(text: string): { readonly bytes: number; readonly gigabitsPerSecond: number } {
  let output: Iperf3Output;
  try {
    output = JSON.parse(text.slice(Math.max(0, text.indexOf("{"))));
  } catch {
    throw new ToolError(`iperf3 printed no JSON: ${text.trim().split("\n").at(-1)?.slice(0, 200)}`);
  }
  const { bytes = 0, bits_per_second = 0 } = output.end?.sum_received ?? {};
  if (!(bytes > 0)) throw new ToolError(`iperf3: ${output.error ?? "nothing arrived"}`);
  return { bytes, gigabitsPerSecond: bits_per_second / 1e9 };
}

const curl = ["curl", "--silent", "--show-error", "--max-time", "5"] as const;

/** curl's command line for a number of requests, each on a new connection. */
export function connectCommand({ host, port }: Destination, count: number): string[] {
  return [
    ...curl,
    ...["--header", "Connection: close", "--output", "/dev/null"],
    ...["--write-out", "%{http_code} %{time_namelookup} %{time_connect}\n"],
    `http://${host}:${port}/hostname?[1-${count}]`,
  ];
}

/**
 * The median time to connect, in milliseconds, of what such a command printed.
 * @throws ToolError when a request failed: the times of the others would describe another network
 */
export function readConnects(text: string): number {
  const lines = text.trim().split("\n");
  const failed = lines.filter((line) => !/^200 [\d.]+ [\d.]+$/.test(line));
  if (failed.length > 0)
    throw new ToolError(`curl: ${failed.length} of ${lines.length} requests failed: ${failed[0]}`);
  const seconds = lines.map((line) => line.split(" ").map(Number)).map(([, from = 0, to = 0]) => to - from);
  return median(seconds) * 1000;
}

/** Asks the server whom it sees. */
export function addressCommand({ host, port }: Destination): string[] {
  return [...curl, `http://${host}:${port}/clientip`];
}

/** @throws ToolError when the server does not say */
export function readAddress(text: string): string {
  const [, address] = /^\[?([0-9a-fA-F.:]+?)\]?:\d+\s*$/.exec(text) ?? [];
  if (address === undefined)
    throw new ToolError(`the server did not say whom it sees: ${text.slice(0, 200)}`);
  return address;
}

/** What a node has counted since it started. */
export interface Counters {
  /** Differs between machines, and between starts of one. */
  readonly bootId: string;
  /** Seconds in which its processors did something, all together. */
  readonly busySeconds: number;
  /** Bytes that it has sent on the interface of its default route. */
  readonly sentBytes: number;
  /** Nanoseconds that Calico's eBPF programs ran; 0: there are none, or the kernel may not count. */
  readonly ebpfNanoseconds: number;
}

/** By this setting the kernel counts how long each eBPF program runs, which costs each of them a little. */
const counting = "/proc/sys/kernel/bpf_stats_enabled";
/** Exists while it is on by this command. What someone else has switched on stays on. */
const mark = "/var/run/calico/measure-bpf-stats";

/** Prints them in calico-node, which has the node's own network. A bpftool of any version lists all programs. */
const printCounters = `cat /proc/sys/kernel/random/boot_id /proc/stat /proc/net/route /proc/net/dev
bpftool prog show 2> /dev/null | grep -o ' name cali.* run_cnt [0-9]*' || true`;

/**
 * Starts to count, and prints what there is.
 * @param seconds after which the kernel stops by itself, whatever becomes of this command
 */
export const firstCounters = (seconds: number) => `exec 2> /dev/null
if [ -e ${mark} ] || [ "$(cat ${counting})" = 0 ] && echo 1 > ${counting}; then
  echo $$ > ${mark}
  (sleep ${seconds}; [ "$(cat ${mark})" = $$ ] && echo 0 > ${counting} && rm ${mark}) > /dev/null &
fi
${printCounters}`;

/** Prints them again, and stops counting. */
export const lastCounters = `${printCounters}
if [ -e ${mark} ]; then echo 0 > ${counting}; rm ${mark}; fi`;

/** Linux counts in hundredths of a second for every reader (proc_stat(5), USER_HZ). */
const ticksPerSecond = 100;

/** @throws ToolError when they are not all there */
export function readCounters(text: string): Counters {
  const [bootId = ""] = text.split("\n");
  const ticks = /^cpu +(\d.*)$/m.exec(text)?.[1]?.split(" ").map(Number) ?? [];
  const [user = Number.NaN, nice = 0, system = 0, , , irq = 0, softirq = 0] = ticks;
  const [, device] = /^(\S+)\t00000000\t/m.exec(text) ?? [];
  const fields = text.split("\n").find((line) => line.trim().startsWith(`${device}:`));
  // Eight fields of what was received come first (proc_net(5)).
  const sentBytes = Number(fields?.trim().split(/[:\s]+/)[9] ?? Number.NaN);
  const busySeconds = (user + nice + system + irq + softirq) / ticksPerSecond;
  const programs = [...text.matchAll(/ run_time_ns (\d+) run_cnt \d+$/gm)];
  const ebpfNanoseconds = programs.reduce((sum, [, nanoseconds]) => sum + Number(nanoseconds), 0);
  if (Number.isNaN(busySeconds) || Number.isNaN(sentBytes))
    throw new ToolError("the node's counters could not be read");
  return { bootId, busySeconds, sentBytes, ebpfNanoseconds };
}

/** The middle one of some values, or the mean of the two in the middle. NaN: there are none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
}
