import { z } from "zod";
import { jsonOf, ToolError } from "./toolError.ts";

/** Times of many requests, or of many connections, in milliseconds. */
export interface Latency {
  readonly count: number;
  readonly meanMilliseconds: number;
  readonly p50Milliseconds: number;
  readonly p90Milliseconds: number;
  readonly p99Milliseconds: number;
}

/** What one run of fortio found. */
export interface Requests {
  readonly perSecond: number;
  /** From the request to its answer. With a connection for each request: that included. */
  readonly requests: Latency;
  /** From the first packet of a connection to the answer to it. */
  readonly connections: Latency;
}

export interface RequestOptions {
  readonly host: string;
  readonly port: number;
  /** Requests under way at a time. */
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

/** Asks a fortio server who it thinks it is talking to. */
export function fortioAddressCommand(host: string, port: number): string[] {
  return ["fortio", "curl", "-quiet", "-timeout", "5s", `http://${host}:${port}/debug`];
}

const histogram = z.object({
  Count: z.number(),
  Avg: z.number(),
  Percentiles: z.array(z.object({ Percentile: z.number(), Value: z.number() })).optional(),
});
const output = z.object({
  ActualQPS: z.number(),
  RetCodes: z.record(z.string(), z.number()),
  DurationHistogram: histogram,
  ConnectionStats: histogram,
});

/**
 * Reads what `fortio load -json -` printed.
 * @throws ToolError when a request failed: the times of the others would tell of another network
 */
export function readFortio(text: string): Requests {
  const { data, error } = output.safeParse(jsonOf("fortio", text));
  if (error !== undefined) {
    throw new ToolError(`fortio printed something else than its report: ${error.issues[0]?.path.join(".")}`);
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
  if (address === undefined) throw new ToolError("fortio: the server did not say whom it sees");
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
