import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, BenchNode } from "./bench.ts";
import type { Run } from "./comparison.ts";
import { type Measurement, takenInServices } from "./measurements.ts";
import type { ModeName } from "./modes.ts";
import {
  addressCommand,
  type Counters,
  connectCommand,
  iperf3Command,
  readAddress,
  readConnects,
  readIperf3,
  ToolError,
} from "./tools.ts";

/** What one run found. */
export type Found = Pick<Run, "seen" | "values">;

/** New connections of one run. */
const connections = 1000;

/** For a tool to start and to tell, besides the time that it measures. */
const spareSeconds = 30;

/** Longest time for a new service to reach a node, and between two looks. */
const [takeInSeconds, lookMilliseconds] = [120, 100];

/**
 * Runs one measurement once.
 * @param seconds of a throughput run
 * @throws ToolError when the tool failed to measure; ClusterError when the cluster refused
 */
export function measureOnce(measurement: Measurement, bench: Bench, seconds: number): Promise<Found> {
  if (measurement.kind === "first-packet") return firstPacket(bench);
  if (measurement.kind === "take-in") return takeIn(bench);
  if (measurement.kind === "source-address") return address(measurement, bench);
  return throughput(measurement, bench, seconds);
}

async function throughput(
  { kind, client, way, mtuBytes }: Measurement,
  bench: Bench,
  seconds: number,
): Promise<Found> {
  const reverse = kind === "replies";
  const { server, third, client: clientNode } = bench.nodes;
  const entry = reverse ? third : undefined;
  const nodes = [entry, server, client === "pod" ? clientNode : undefined].filter((one) => one !== undefined);
  const command = iperf3Command(bench.destination(way, "iperf3"), seconds, reverse, mtuBytes);
  const limit = seconds + spareSeconds;
  const { result, spent } = await counted(bench, nodes, limit, () => bench.ask(client, command, limit));
  const { bytes, gigabitsPerSecond } = readIperf3(result);
  const gigabits = (bytes * 8) / 1e9;
  const { busySeconds, ebpfMilliseconds: ebpf } = sum(spent, gigabits);
  const values = { throughput: gigabitsPerSecond, processor: busySeconds, ...(ebpf > 0 ? { ebpf } : {}) };
  const [own, ...others] = spent;
  if (entry === undefined || own === undefined) return { values };
  const askedShare = own.sentBytes / bytes;
  const isApart = others.every(({ bootId }) => bootId !== own.bootId);
  const askedProcessor = isApart ? { askedProcessor: own.busySeconds / gigabits } : {};
  return { values: { ...values, askedShare, ...askedProcessor } };
}

async function firstPacket(bench: Bench): Promise<Found> {
  await answered(bench);
  const { client, server } = bench.nodes;
  const command = connectCommand(bench.newest(), connections);
  const { result, spent } = await counted(bench, [client, server], spareSeconds, () =>
    bench.ask("pod", command, spareSeconds),
  );
  const { busySeconds, ebpfMilliseconds: connectEbpf } = sum(spent, connections);
  const values = { connect: readConnects(result), connectProcessor: busySeconds * 1000 };
  return { values: { ...values, ...(connectEbpf > 0 ? { connectEbpf } : {}) } };
}

/** Longest time for nodes to have done with services that were made or removed, and between two looks. */
const [settleSeconds, settleMilliseconds] = [120, 500];

/** Waits until the client's node uses less than half a processor: it goes on after the newest service answers. */
export async function settled({ counters, nodes }: Bench): Promise<void> {
  const look = async () => (await counters(nodes.client)).busySeconds * 1000;
  for (let [now, end] = [await look(), performance.now() + settleSeconds * 1000]; performance.now() < end; ) {
    const before = now;
    await sleep(settleMilliseconds);
    now = await look();
    if (now - before < settleMilliseconds / 2) return;
  }
}

/** Makes many services at once, and removes them. */
async function takeIn(bench: Bench): Promise<Found> {
  const before = bench.services();
  try {
    const { result, spent } = await counted(bench, [bench.nodes.client], takeInSeconds * 2, async () => {
      await bench.setServices(before + takenInServices, 1);
      return answered(bench);
    });
    return { values: { takenIn: result, takeInProcessor: sum(spent, 1).busySeconds } };
  } finally {
    await bench.setServices(before);
  }
}

async function address({ client, way }: Measurement, bench: Bench): Promise<Found> {
  const command = addressCommand(bench.destination(way, "http"));
  const seen = readAddress(await bench.ask(client, command, spareSeconds));
  const nodeIps = Object.values(bench.nodes).flatMap((node) => node?.ip ?? []);
  const isClient = bench.outside?.addresses.includes(seen) === true;
  const whose = isClient ? "client" : nodeIps.includes(seen) ? "node" : "another";
  return { values: {}, seen: { address: seen, whose } };
}

/** Waits until the newest service answers the client's pod; returns the seconds that it took, with the answer's own. */
export async function answered(bench: Bench): Promise<number> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  for (;;) {
    try {
      readConnects(await bench.ask("pod", connectCommand(bench.newest(), 1), spareSeconds));
      return seconds();
    } catch (error) {
      if (!(error instanceof ToolError) || seconds() > takeInSeconds) throw error;
      await sleep(lookMilliseconds);
    }
  }
}

/** Longest time for a mode to become effective on nodes whose `up` has ended. */
const effectSeconds = 60;

/** Waits until replies from a NodePort take the way of a mode: Felix starts anew for it, and its pod stays ready. */
export async function inEffect(mode: ModeName, bench: Bench): Promise<void> {
  if (bench.outside === undefined || bench.nodes.third === undefined) return;
  const replies = { kind: "replies", client: "outside", way: "NodePort of another node" } as const;
  for (const end = performance.now() + effectSeconds * 1000; performance.now() < end; await sleep(1000)) {
    try {
      const { values } = await throughput({ ...replies, id: mode, title: mode }, bench, 1);
      if ((values.askedShare ?? 1) < 0.5 === (mode === "dsr")) return;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
  }
}

/**
 * What nodes counted while something ran.
 * @param limit seconds that it takes at most
 */
async function counted<T>(
  bench: Bench,
  nodes: readonly BenchNode[],
  limit: number,
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly spent: readonly Counters[] }> {
  const read = (seconds?: number) => Promise.all(nodes.map((node) => bench.counters(node, seconds)));
  const before = await read(limit + spareSeconds);
  const result = await run();
  const spent = (await read()).map(({ bootId, busySeconds, sentBytes, ebpfNanoseconds }, at) => ({
    bootId,
    busySeconds: busySeconds - (before[at]?.busySeconds ?? 0),
    sentBytes: sentBytes - (before[at]?.sentBytes ?? 0),
    ebpfNanoseconds: ebpfNanoseconds - (before[at]?.ebpfNanoseconds ?? 0),
  }));
  return { result, spent };
}

/** What all of them spent for one of a number of things; nodes that are one machine count it once. */
function sum(spent: readonly Counters[], things: number) {
  const machines = [...new Map(spent.map((one) => [one.bootId, one])).values()];
  const of = (what: "busySeconds" | "ebpfNanoseconds") =>
    machines.reduce((total, one) => total + one[what], 0) / things;
  return { busySeconds: of("busySeconds"), ebpfMilliseconds: of("ebpfNanoseconds") / 1e6 };
}
