import { z } from "zod";
import { jsonOf, ToolError } from "./toolError.ts";

/** What one run of iperf3 found. */
export interface Throughput {
  /** What arrived, without the warm-up. */
  readonly gigabitsPerSecond: number;
  /** What arrived in all, the warm-up left out, in Gbit. */
  readonly gigabits: number;
  readonly seconds: number;
  /** Packets that did not arrive, as a share of those sent; TCP: undefined. */
  readonly lostShare: number | undefined;
  /** Segments that TCP sent again; UDP: undefined. */
  readonly retransmits: number | undefined;
}

export interface ThroughputOptions {
  readonly protocol: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  readonly seconds: number;
  /** Seconds at the start that do not count. */
  readonly warmUpSeconds: number;
  /** Bytes of payload in a packet. Absent: TCP finds out for itself. */
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
    // Without a rate of its own it sends 1 Mbit/s of UDP.
    ...(protocol === "udp" ? ["--udp", "--bitrate", "0"] : []),
    ...(payloadBytes === undefined ? [] : [size, String(payloadBytes)]),
    ...(reverse ? ["--reverse"] : []),
  ];
}

const sum = z.object({ bytes: z.number(), seconds: z.number(), bits_per_second: z.number() });
const output = z.object({
  error: z.string().optional(),
  start: z.object({ test_start: z.object({ protocol: z.enum(["TCP", "UDP"]) }).optional() }).optional(),
  end: z.object({
    sum_sent: sum.extend({ retransmits: z.number().optional() }).optional(),
    sum_received: sum.optional(),
  }),
});

/**
 * Reads what `iperf3 --json` printed.
 * @throws ToolError with iperf3's own reason when it did not measure
 */
export function readIperf3(text: string): Throughput {
  const { data, error } = output.safeParse(jsonOf("iperf3", text));
  if (error !== undefined) {
    throw new ToolError(`iperf3 printed something else than its report: ${error.issues[0]?.path.join(".")}`);
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
