import { reasonOf, UserError } from "../shared/errors.ts";
import type { Live } from "../verify/check.ts";
import { hasVpcCni, installation } from "../verify/reading/calico.ts";
import { nodes as allNodes } from "../verify/reading/objects.ts";
import { openLive } from "../verify/session.ts";
import { Workloads } from "../verify/workloads/workloads.ts";
import { type Bench, chooseNodes, openBench } from "./bench.ts";
import type { ClusterFacts, MeasureData } from "./comparison.ts";
import { blocks, execute, type Teller } from "./execute.ts";
import { type Measurement, measurements } from "./measurements.ts";
import { answered, inEffect, measureOnce, settled } from "./measureOnce.ts";
import { type Measured, type ModeSwitch, titleOf } from "./modes.ts";
import type { MeasureArguments } from "./options.ts";
import { type Outside, refuseNode } from "./outside.ts";

/** Dependencies of a session. */
interface SessionOptions {
  readonly live: Live;
  readonly given: Omit<MeasureArguments, "cluster" | "json" | "report" | "timeoutMilliseconds">;
  /** Undefined: the cluster stays in its mode. */
  readonly modes: ModeSwitch | undefined;
  /** Reaches the client outside. */
  readonly reach: (host: string) => Promise<Outside>;
  /** Processor seconds of all nodes so far, where they share a machine with other work. Default: each node's own counter. */
  readonly busySeconds?: () => number;
  readonly say: (line: string) => void;
  readonly teller: Teller;
}

/** Measures a cluster, and restores it in any case. */
export async function measureCluster(options: SessionOptions): Promise<MeasureData> {
  const { live, given, modes: switching, say, teller } = options;
  const began = Date.now();
  const all = await allNodes(live);
  const nodes = chooseNodes(all);
  if (given.client !== undefined) refuseNode(given.client, all);
  const outside = given.client === undefined ? undefined : await options.reach(given.client);
  const possible = { hasThird: nodes.third !== undefined, hasOutside: outside !== undefined };
  const { measured, leftOut } = measurements({ ...possible, services: given.services, only: given.only });
  const order: readonly Measured[] = switching === undefined ? ["present"] : given.modes;
  const schedule = blocks(order, given.repeats);
  say(`Client on ${nodes.client.name}, server on ${nodes.server.name}; the runs load these nodes.`);
  const path = schedule.map(({ mode }) => mode);
  if (switching !== undefined)
    say(`Modes: ${[switching.home, ...path, switching.home].map(titleOf).join(" → ")}.`);

  const workloads = new Workloads(live.cluster, { purpose: "measure" });
  let isDone = false;
  try {
    teller.start("start the tools", `on ${nodes.client.name} and ${nodes.server.name}`);
    const { imageRegistry } = given;
    const { busySeconds } = options;
    const bench = await openBench({ live, nodes, outside, workloads, imageRegistry, busySeconds });
    teller.done();
    const cluster = await clusterFacts(live, bench);
    const { runs, failed } = await execute({
      ...{ blocks: schedule, measured, signal: live.signal, teller },
      switchTo: async (mode) => {
        if (mode !== "present") await switching?.switchTo(mode);
        // A change takes a moment to become effective on the nodes.
        await answered(bench);
        if (mode !== "present") await inEffect(mode, bench);
      },
      setServices: async (count) => {
        await bench.setServices(count);
        await settled(bench);
      },
      measure: (measurement) => measureOnce(measurement, bench, given.seconds),
    });
    const isMeasured = ({ id }: Measurement) => failed.every((one) => one.id !== id);
    isDone = true;
    return {
      ...{ version: 2, startedAt: new Date(began).toISOString(), seconds: (Date.now() - began) / 1000 },
      ...{ cluster, modes: order, runs },
      measured: measured.filter(isMeasured),
      leftOut: [...leftOut, ...failed],
    };
  } finally {
    if (!isDone) teller.fail();
    await restore(options, workloads);
  }
}

/** The measured cluster, with the facts that it provides. */
async function clusterFacts(live: Live, bench: Bench): Promise<ClusterFacts> {
  const { cluster, target } = live;
  const { client, server, third } = bench.nodes;
  const parts = { client, server, ...(third === undefined ? {} : { NodePort: third }) };
  const [version, calico, isVpcCni, mtu, counters] = await Promise.all([
    cluster.get<{ gitVersion?: string }>("/version"),
    installation(live),
    hasVpcCni(live),
    bench.ask("pod", ["cat", "/sys/class/net/eth0/mtu"], 30),
    Promise.all(Object.values(parts).map((node) => bench.counters(node))),
  ]);
  type Network = { readonly ipPools?: readonly { readonly encapsulation?: string }[] } | undefined;
  const network = calico?.spec?.["calicoNetwork"] as Network;
  return {
    name: target.name,
    kubernetesVersion: version?.gitVersion ?? "unknown",
    calicoVersion: calico?.status?.calicoVersion ?? "unknown",
    mtuBytes: Number(mtu),
    encapsulation: isVpcCni ? "None" : (network?.ipPools?.[0]?.encapsulation ?? "unknown"),
    ...(isVpcCni ? { vpcCni: true } : {}),
    nodes: Object.entries(parts).map(([part, { name, kernel }]) => ({ part, name, kernel })),
    isOneMachine: new Set(counters.map(({ bootId }) => bootId)).size === 1,
    outside: bench.outside?.name,
  };
}

/** Removes the pods, then puts the mode back, each also when the other fails. @throws UserError that names what failed */
async function restore({ live, modes, teller }: SessionOptions, workloads: Workloads): Promise<void> {
  const problems: string[] = [];
  const attempt = async (step: string, work: () => Promise<void>) => {
    teller.start(step);
    const problem = await work().catch((error: unknown) => `  ${step}: ${reasonOf(error)}`);
    if (typeof problem !== "string") return teller.done();
    teller.fail();
    problems.push(problem);
  };
  // By a connection that the signal which ended the run does not end.
  const { cluster } = openLive(live.target, 4, new AbortController().signal);
  await attempt("remove the tools", () => workloads.remove(cluster));
  cluster.close();
  if (modes?.isAway) await attempt("restore the mode", () => modes.switchTo(modes.home));
  if (problems.length > 0)
    throw new UserError(`measure: not everything could be restored.\n${problems.join("\n")}`);
}
