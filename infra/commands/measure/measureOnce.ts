import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, PodName } from "./bench.ts";
import type { SeenAddress } from "./comparison.ts";
import type {
  AddressMeasurement,
  FirstPacketMeasurement,
  Measurement,
  RequestMeasurement,
  ThroughputMeasurement,
  Values,
  Way,
} from "./measurements.ts";
import type { Lengths } from "./schedule.ts";
import {
  fortioAddressCommand,
  fortioCommand,
  headerBytes,
  iperf3Command,
  type ProcessorReading,
  processorsInUse,
  readFortio,
  readFortioAddress,
  readIperf3,
  readProcessorTime,
  ToolError,
  toolPorts,
} from "./tools.ts";

/** What one run found. */
export interface Found {
  readonly values: Values;
  readonly seen?: SeenAddress;
}

/** Parameters of a run. */
interface OnceOptions {
  readonly bench: Bench;
  readonly lengths: Lengths;
  /** Of the pods' interfaces. */
  readonly mtuBytes: number;
}

/** Concurrent requests, where there are many. */
const concurrency = 16;

/** Time for a tool's start and report, in addition to the measured time. */
const spareSeconds = 30;

/** Interval of reading the kubelets during a run; they update less often. */
const looksInRun = 10;

/**
 * Runs one measurement once.
 * @throws ToolError when the tool failed to measure; ClusterError when the cluster refused
 */
export function measureOnce(measurement: Measurement, options: OnceOptions): Promise<Found> {
  switch (measurement.kind) {
    case "throughput":
      return throughput(measurement, options);
    case "requests":
    case "connections":
      return requests(measurement, options);
    case "first packet":
      return firstPacket(measurement, options);
    case "source address":
      return address(measurement, options);
  }
}

async function throughput(measurement: ThroughputMeasurement, options: OnceOptions): Promise<Found> {
  const { bench, lengths, mtuBytes } = options;
  const { protocol, client, reverse } = measurement;
  const { throughputSeconds: seconds, warmUpSeconds } = lengths;
  const { host, port } = destination(measurement.way, bench, "throughput");
  const header = headerBytes[protocol];
  // TCP discovers the largest packet; UDP would send larger ones in fragments.
  const payload = measurement.mtuBytes ?? (protocol === "udp" ? mtuBytes : undefined);
  const command = iperf3Command({
    protocol,
    host,
    port,
    seconds,
    warmUpSeconds,
    reverse,
    ...(payload === undefined ? {} : { payloadBytes: payload - header }),
  });
  const pod = client === "same node" ? "throughputNear" : "throughputClient";
  const nodes = [...(client === "other node" ? [bench.nodes.client.name] : []), bench.nodes.server.name];
  const began = Date.now() / 1000;
  const { result, readings } = await whileReading({ bench, nodes, everySeconds: seconds / looksInRun }, () =>
    ask(bench, client, pod, command, seconds + warmUpSeconds + spareSeconds),
  );
  const found = readIperf3(result);
  const from = began + warmUpSeconds;
  const perGbit = (node: string) => {
    const used = processorsInUse(readings.get(node) ?? [], from, from + seconds);
    return used === undefined ? undefined : used / found.gigabitsPerSecond;
  };
  const [clientProcessor, serverProcessor] = [
    client === "outside" ? undefined : perGbit(nodes[0] ?? ""),
    perGbit(bench.nodes.server.name),
  ];
  return {
    values: {
      throughput: found.gigabitsPerSecond,
      ...(clientProcessor === undefined ? {} : { clientProcessor }),
      // On one node, both are the same.
      ...(serverProcessor === undefined || client === "same node" ? {} : { serverProcessor }),
    },
  };
}

async function requests({ kind, client, way }: RequestMeasurement, options: OnceOptions): Promise<Found> {
  const { bench, lengths } = options;
  const { requestSeconds: seconds } = lengths;
  const connectionEach = kind === "connections";
  const command = fortioCommand({
    ...destination(way, bench, "http"),
    concurrency,
    connectionEach,
    amount: { seconds },
  });
  const { perSecond, requests: latency } = readFortio(
    await ask(bench, client, "httpClient", command, seconds + spareSeconds),
  );
  return {
    values: {
      [connectionEach ? "connectionsPerSecond" : "requestsPerSecond"]: perSecond,
      p50: latency.p50Milliseconds,
      p90: latency.p90Milliseconds,
      p99: latency.p99Milliseconds,
    },
  };
}

async function firstPacket({ client, way }: FirstPacketMeasurement, options: OnceOptions): Promise<Found> {
  const { bench, lengths } = options;
  const { firstPackets, firstPacketsPerSecond: perSecond } = lengths;
  const command = fortioCommand({
    ...destination(way, bench, "http"),
    concurrency: 1,
    connectionEach: true,
    amount: { requests: firstPackets, perSecond },
  });
  const seconds = firstPackets / perSecond + spareSeconds;
  const { connections } = readFortio(await ask(bench, client, "httpClient", command, seconds));
  return {
    values: { firstPacketP50: connections.p50Milliseconds, firstPacketP99: connections.p99Milliseconds },
  };
}

async function address({ client, way }: AddressMeasurement, { bench }: OnceOptions): Promise<Found> {
  const { host, port } = destination(way, bench, "http");
  const command = fortioAddressCommand(host, port);
  const seen = readFortioAddress(await ask(bench, client, "httpClient", command, spareSeconds));
  const { nodes, outside, podIps } = bench;
  const own = client === "outside" ? (outside?.addresses ?? []) : [podIps.httpClient];
  const nodeIps = [nodes.client, nodes.server, nodes.third].flatMap((node) => node?.ip ?? []);
  const whose = own.includes(seen) ? "client" : nodeIps.includes(seen) ? "node" : "another";
  return { values: {}, seen: { address: seen, whose } };
}

function ask(
  bench: Bench,
  client: Measurement["client"],
  pod: PodName,
  command: readonly string[],
  timeoutSeconds: number,
): Promise<string> {
  return client === "outside"
    ? bench.askOutside(command, timeoutSeconds)
    : bench.ask(pod, command, timeoutSeconds);
}

function destination(way: Way, bench: Bench, what: "http" | "throughput"): { host: string; port: number } {
  const service = bench[what];
  const { nodes, podIps } = bench;
  switch (way) {
    case "pod":
      return what === "http"
        ? { host: podIps.httpServer, port: toolPorts.fortio }
        : { host: podIps.throughputServer, port: toolPorts.iperf3 };
    case "ClusterIP":
      return { host: service.clusterIp, port: service.port };
    case "NodePort of the server's node":
      return { host: nodes.server.ip, port: service.nodePort };
    case "NodePort of another node":
      return { host: (nodes.third ?? nodes.client).ip, port: service.nodePort };
  }
}

/** Reads the kubelets of some nodes repeatedly while something runs. */
async function whileReading<T>(
  { bench, nodes, everySeconds }: { bench: Bench; nodes: readonly string[]; everySeconds: number },
  run: () => Promise<T>,
): Promise<{ result: T; readings: Map<string, ProcessorReading[]> }> {
  const readings = new Map(nodes.map((node): [string, ProcessorReading[]] => [node, []]));
  const ended = new AbortController();
  const read = async (node: string) => {
    while (!ended.signal.aborted) {
      const text = await bench.kubeletMetrics(node).catch(() => "");
      const reading = readProcessorTime(text, Date.now() / 1000);
      if (reading !== undefined) readings.get(node)?.push(reading);
      await sleep(everySeconds * 1000, undefined, { signal: ended.signal }).catch(() => {});
    }
  };
  const reading = Promise.all(nodes.map(read));
  try {
    return { result: await run(), readings };
  } finally {
    ended.abort();
    await reading;
  }
}

/** MTU of the server's interface, in bytes. */
export async function podMtu(bench: Bench): Promise<number> {
  const text = await bench.ask("throughputServer", ["cat", "/sys/class/net/eth0/mtu"], spareSeconds);
  if (!/^\d+\s*$/.test(text))
    throw new ToolError(`the MTU of the pod's interface is unknown:  ${text.trim()}`);
  return Number(text);
}
