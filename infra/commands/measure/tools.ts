import { z } from "zod";

/** Images with the tools that send. Both exist for x86_64 and arm64. */
export const toolImages = {
  throughput: {
    image: "docker.io/nicolaka/netshoot:v0.16",
    program: "iperf3",
    source:
      "nicolaka/netshoot, Dockerfile at tag v0.16 (2026-07-01) installs Alpine's iperf3; read 2026-11-21",
  },
  requests: {
    image: "docker.io/fortio/fortio:1.66.5",
    program: "fortio",
    source:
      "fortio/fortio v1.66.5; the same release as the Go module that the tests run; its image holds the executable alone",
  },
} as const;

/** Ports that the tools' servers listen on, in the pods. */
export const toolPorts = { iperf3: 5201, fortio: 8080 } as const;

/** Bytes of headers in a packet, IPv4 without options. */
export const headerBytes = {
  tcp: 40,
  udp: 28,
  source: "RFC 791 (20), RFC 9293 (20), RFC 768 (8)",
} as const;

/** MTU that is measured besides the cluster's own: the largest that also fits in WireGuard on a 1500-byte network. */
export const smallMtuBytes = { bytes: 1440, source: "tigera/docs networking/configuring/mtu.mdx" } as const;

/** A tool that failed to measure, with its message. */
export class ToolError extends Error {
  override readonly name = "ToolError";
}

/** A tool's JSON output, without the warnings before the first brace. */
function jsonOf(tool: string, text: string): unknown {
  const start = text.indexOf("{");
  try {
    return JSON.parse(start === -1 ? text : text.slice(start));
  } catch {
    const said = text.trim().split("\n").at(-1)?.slice(0, 200) ?? "";
    throw new ToolError(`${tool} printed no JSON${said === "" ? "" : `: ${said}`}`);
  }
}

/** What one run of iperf3 found. */
interface Throughput {
  /** What arrived, without the warm-up. */
  readonly gigabitsPerSecond: number;
  /** Total received, without the warm-up, in Gbit. */
  readonly gigabits: number;
  readonly seconds: number;
  /** Packets that did not arrive, as a share of those sent; TCP: undefined. */
  readonly lostShare: number | undefined;
  /** Segments that TCP sent again; UDP: undefined. */
  readonly retransmits: number | undefined;
}

interface ThroughputOptions {
  readonly protocol: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  readonly seconds: number;
  /** Seconds at the start that do not count. */
  readonly warmUpSeconds: number;
  /** Bytes of payload in a packet. Absent: TCP discovers it. */
  readonly payloadBytes?: number;
  /** The server sends. Default: the client does. */
  readonly reverse?: boolean;
}

/** The command line of one run. */
export function iperf3Command(options: ThroughputOptions): string[] {
  const { protocol, host, port, seconds, warmUpSeconds, payloadBytes, reverse = false } = options;
  const size = protocol === "tcp" ? "--set-mss" : "--length";
  return [
    ...["iperf3", "--json", "--client", host, "--port", String(port)],
    ...["--time", String(seconds), "--omit", String(warmUpSeconds), "--connect-timeout", "5000"],
    // Without a rate it sends 1 Mbit/s of UDP.
    ...(protocol === "udp" ? ["--udp", "--bitrate", "0"] : []),
    ...(payloadBytes === undefined ? [] : [size, String(payloadBytes)]),
    ...(reverse ? ["--reverse"] : []),
  ];
}

const sum = z.object({ bytes: z.number(), seconds: z.number(), bits_per_second: z.number() });
const iperf3Output = z.object({
  error: z.string().optional(),
  start: z.object({ test_start: z.object({ protocol: z.enum(["TCP", "UDP"]) }).optional() }).optional(),
  end: z.object({
    sum_sent: sum.extend({ retransmits: z.number().optional() }).optional(),
    sum_received: sum.optional(),
  }),
});

/**
 * Reads what `iperf3 --json` printed.
 * @throws ToolError with iperf3's reason when it failed to measure
 */
export function readIperf3(text: string): Throughput {
  const { data, error } = iperf3Output.safeParse(jsonOf("iperf3", text));
  if (error !== undefined) {
    throw new ToolError(
      `iperf3 printed something other than its report:  ${error.issues[0]?.path.join(".")}`,
    );
  }
  if (data.error !== undefined) throw new ToolError(`iperf3: ${data.error}`);
  const { sum_received: received, sum_sent: sent } = data.end;
  if (received === undefined || received.seconds <= 0 || received.bytes <= 0) {
    throw new ToolError("iperf3: nothing arrived");
  }
  const isUdp = data.start?.test_start?.protocol === "UDP";
  return {
    gigabitsPerSecond: received.bits_per_second / 1e9,
    gigabits: (received.bytes * 8) / 1e9,
    seconds: received.seconds,
    // Its own lost_percent counts what was lost in the warm-up, too.
    lostShare: isUdp && sent !== undefined ? Math.max(0, 1 - received.bytes / sent.bytes) : undefined,
    retransmits: isUdp ? undefined : sent?.retransmits,
  };
}

/** Times of many requests, or of many connections, in milliseconds. */
interface Latency {
  readonly count: number;
  readonly meanMilliseconds: number;
  readonly p50Milliseconds: number;
  readonly p90Milliseconds: number;
  readonly p99Milliseconds: number;
}

/** What one run of fortio found. */
interface Requests {
  readonly perSecond: number;
  /** From the request to its answer. With a connection for each request: that included. */
  readonly requests: Latency;
  /** From the first packet of a connection to the answer to it. */
  readonly connections: Latency;
}

interface RequestOptions {
  readonly host: string;
  readonly port: number;
  /** Concurrent requests. */
  readonly concurrency: number;
  /** A connection for each request, or one that stays open. */
  readonly connectionEach: boolean;
  /** How long, or how many at which rate. */
  readonly amount: { readonly seconds: number } | { readonly requests: number; readonly perSecond: number };
}

/** Width of fortio's narrowest time class, in seconds. Its default, a millisecond, is wider than what is measured. */
const resolutionSeconds = "0.000001";

/** The command line of one run. Before it counts, fortio sends one request on each connection to warm up. */
export function fortioCommand({ host, port, concurrency, connectionEach, amount }: RequestOptions): string[] {
  const much =
    "seconds" in amount
      ? ["-qps", "0", "-t", `${amount.seconds}s`]
      : ["-qps", String(amount.perSecond), "-n", String(amount.requests)];
  return [
    ...["fortio", "load", "-quiet", "-json", "-", "-p", "50,90,99", "-r", resolutionSeconds],
    ...["-timeout", "5s", "-c", String(concurrency), ...much],
    ...(connectionEach ? ["-keepalive=false"] : []),
    `http://${host}:${port}/`,
  ];
}

/** Requests the client's address from a fortio server. */
export function fortioAddressCommand(host: string, port: number): string[] {
  return ["fortio", "curl", "-quiet", "-timeout", "5s", `http://${host}:${port}/debug`];
}

const histogram = z.object({
  Count: z.number(),
  Avg: z.number(),
  Percentiles: z.array(z.object({ Percentile: z.number(), Value: z.number() })).optional(),
});
const fortioOutput = z.object({
  ActualQPS: z.number(),
  RetCodes: z.record(z.string(), z.number()),
  DurationHistogram: histogram,
  ConnectionStats: histogram,
});

/**
 * Reads what `fortio load -json -` printed.
 * @throws ToolError when a request failed: the times of the others would describe another network
 */
export function readFortio(text: string): Requests {
  const { data, error } = fortioOutput.safeParse(jsonOf("fortio", text));
  if (error !== undefined) {
    throw new ToolError(
      `fortio printed something other than its report:  ${error.issues[0]?.path.join(".")}`,
    );
  }
  const codes = Object.entries(data.RetCodes);
  const all = codes.reduce((count, [, times]) => count + times, 0);
  const failed = codes.filter(([code]) => code !== "200").reduce((count, [, times]) => count + times, 0);
  if (all === 0) throw new ToolError("fortio: no request was answered");
  if (failed > 0) {
    const kinds = codes.map(([code, times]) => `${times} × ${code === "-1" ? "no answer" : code}`).join(", ");
    throw new ToolError(`fortio: ${failed} of ${all} requests failed (${kinds})`);
  }
  return {
    perSecond: data.ActualQPS,
    requests: latency(data.DurationHistogram),
    connections: latency(data.ConnectionStats),
  };
}

/**
 * The client's address as the server saw it, from fortio's page for it.
 * @throws ToolError when the page does not say
 */
export function readFortioAddress(text: string): string {
  const [, address] = /request from \[?([0-9a-fA-F.:]+?)\]?:\d+\s/.exec(text) ?? [];
  if (address === undefined) throw new ToolError("fortio: the server did not report the client's address");
  return address;
}

function latency({ Count, Avg, Percentiles = [] }: z.infer<typeof histogram>): Latency {
  const milliseconds = (percentile: number) => {
    const found = Percentiles.find(({ Percentile }) => Percentile === percentile);
    if (found === undefined) throw new ToolError(`fortio: its report has no p${percentile}`);
    return found.Value * 1000;
  };
  return {
    count: Count,
    meanMilliseconds: Avg * 1000,
    p50Milliseconds: milliseconds(50),
    p90Milliseconds: milliseconds(90),
    p99Milliseconds: milliseconds(99),
  };
}

/** A kubelet's reading of its node's processors. */
export interface ProcessorReading {
  /** When the kubelet read it, in Unix seconds. */
  readonly at: number;
  /** Seconds of processor time that the node has used since it started, all processors together. */
  readonly usedSeconds: number;
}

/**
 * Reads what a kubelet prints at `/metrics/resource`.
 * @param receivedAt Unix seconds, for a kubelet without a timestamp
 * @returns undefined without figures on its node's processors
 */
export function readProcessorTime(text: string, receivedAt: number): ProcessorReading | undefined {
  const [, value, milliseconds] =
    /^node_cpu_usage_seconds_total(?:\{[^}]*\})?\s+([0-9.eE+-]+)(?:\s+(\d+))?\s*$/m.exec(text) ?? [];
  const usedSeconds = Number(value);
  if (value === undefined || !Number.isFinite(usedSeconds)) return undefined;
  return { at: milliseconds === undefined ? receivedAt : Number(milliseconds) / 1000, usedSeconds };
}

/**
 * Processors in use on average, by the first and the last reading within a span of time: the kubelet reads every ten
 * seconds or so, and a reading from before the traffic would show an idle node.
 * @returns undefined when fewer than two readings lie within it
 */
export function processorsInUse(
  readings: readonly ProcessorReading[],
  from: number,
  to: number,
): number | undefined {
  const within = readings.filter(({ at }) => at >= from && at <= to).toSorted((a, b) => a.at - b.at);
  const [first] = within;
  const last = within.at(-1);
  if (first === undefined || last === undefined || last.at - first.at <= 0) return undefined;
  return (last.usedSeconds - first.usedSeconds) / (last.at - first.at);
}
