import { setTimeout as sleep } from "node:timers/promises";
import type { Bench, BenchNode } from "./bench.ts";
import type { SeenAddress } from "./comparison.ts";
import { type Measurement, takenInServices, type Values } from "./measurements.ts";
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
export interface Found {
  readonly values: Values;
  readonly seen?: SeenAddress;
}

/** New connections of one run. */
const connections = 200;

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
  switch (measurement.kind) {
    case "throughput":
    case "replies":
      return throughput(measurement, bench, seconds);
    case "first-packet":
      return firstPacket(bench);
    case "take-in":
      return takeIn(bench);
    case "source-address":
      return address(measurement, bench);
  }
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
  const command = iperf3Command(bench.destination(way, "iperf3"), { seconds, mtuBytes, reverse });
  const { result, spent } = await counted(bench, nodes, () =>
    bench.ask(client, command, seconds + spareSeconds),
  );
  const { bytes, gigabitsPerSecond } = readIperf3(result);
  const gigabits = (bytes * 8) / 1e9;
  const values = { throughput: gigabitsPerSecond, processor: busy(spent) / gigabits };
  const [own, ...others] = spent;
  if (entry === undefined || own === undefined) return { values };
  const askedShare = own.sentBytes / bytes;
  const isApart = others.every(({ bootId }) => bootId !== own.bootId);
  const askedProcessor = isApart ? { askedProcessor: own.busySeconds / gigabits } : {};
  return { values: { ...values, askedShare, ...askedProcessor } };
}

async function firstPacket(bench: Bench): Promise<Found> {
  await answered(bench);
  const text = await bench.ask("pod", connectCommand(bench.newest(), connections), spareSeconds);
  return { values: { connect: readConnects(text) } };
}

/** Makes many services at once, and removes them. */
async function takeIn(bench: Bench): Promise<Found> {
  const before = bench.services();
  try {
    const { result, spent } = await counted(bench, [bench.nodes.client], async () => {
      await bench.setServices(before + takenInServices, 1);
      return answered(bench);
    });
    return { values: { takenIn: result, takeInProcessor: busy(spent) } };
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

/** Waits until the newest service answers the client's pod; returns the seconds that it took. */
export async function answered(bench: Bench): Promise<number> {
  const began = performance.now();
  for (;;) {
    const seconds = (performance.now() - began) / 1000;
    try {
      readConnects(await bench.ask("pod", connectCommand(bench.newest(), 1), spareSeconds));
      return seconds;
    } catch (error) {
      if (!(error instanceof ToolError) || seconds > takeInSeconds) throw error;
      await sleep(lookMilliseconds);
    }
  }
}

function toolFailed(error: unknown): undefined {
  if (!(error instanceof ToolError)) throw error;
}

/** Longest time for a mode to become effective on nodes whose `up` has ended. */
const effectSeconds = 60;

/** Waits until replies from a NodePort take the way of a mode: Felix starts anew for it, and its pod stays ready. */
export async function inEffect(mode: ModeName, bench: Bench): Promise<void> {
  if (bench.outside === undefined || bench.nodes.third === undefined) return;
  const replies = { kind: "replies", client: "outside", way: "NodePort of another node" } as const;
  for (const end = performance.now() + effectSeconds * 1000; performance.now() < end; ) {
    const look = throughput({ ...replies, id: mode, title: mode }, bench, 1);
    const share = await look.then(({ values }) => values.askedShare, toolFailed);
    if (share !== undefined && share < 0.5 === (mode === "dsr")) return;
    await sleep(1000);
  }
}

/** What nodes counted while something ran. */
async function counted<T>(
  bench: Bench,
  nodes: readonly BenchNode[],
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly spent: readonly Counters[] }> {
  const read = () => Promise.all(nodes.map((node) => bench.counters(node)));
  const before = await read();
  const result = await run();
  const spent = (await read()).map(({ bootId, busySeconds, sentBytes }, at) => ({
    bootId,
    busySeconds: busySeconds - (before[at]?.busySeconds ?? 0),
    sentBytes: sentBytes - (before[at]?.sentBytes ?? 0),
  }));
  return { result, spent };
}

/** Processor time of all of them; nodes that are one machine count it once. */
function busy(spent: readonly Counters[]): number {
  const machines = new Map(spent.map(({ bootId, busySeconds }) => [bootId, busySeconds]));
  return [...machines.values()].reduce((sum, seconds) => sum + seconds, 0);
}
