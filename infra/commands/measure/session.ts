import { reasonOf, UserError } from "../shared/errors.ts";
import type { Live } from "../verify/check.ts";
import { hasVpcCni, installation } from "../verify/reading/calico.ts";
import { nodes as allNodes } from "../verify/reading/objects.ts";
import { openLive } from "../verify/session.ts";
import { Workloads } from "../verify/workloads/workloads.ts";
import { type Bench, chooseNodes, openBench } from "./bench.ts";
import type { ClusterFacts, MeasureData } from "./comparison.ts";
import { blocks, execute, type Teller } from "./execute.ts";
import { measurements } from "./measurements.ts";
import { answered, inEffect, measureOnce } from "./measureOnce.ts";
import { type Measured, type ModeSwitch, titleOf } from "./modes.ts";
import type { MeasureArguments } from "./options.ts";
import { type Outside, refuseNode } from "./outside.ts";

/** Dependencies of a session. */
interface SessionOptions {
  readonly live: Live;
  readonly given: Pick<
    MeasureArguments,
    "client" | "imageRegistry" | "modes" | "only" | "repeats" | "seconds" | "services"
  >;
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
  const { measured, leftOut } = measurements({
    hasThird: nodes.third !== undefined,
    hasOutside: outside !== undefined,
    services: given.services,
    only: given.only,
  });
  const order: readonly Measured[] = switching === undefined ? ["present"] : given.modes;
  const schedule = blocks(order, given.repeats);
  say(`Client on ${nodes.client.name}, server on ${nodes.server.name}; the runs load these nodes.`);
  if (switching !== undefined) {
    const path = [switching.home, ...schedule.map(({ mode }) => mode), switching.home];
    say(`Modes: ${path.map(titleOf).join(" → ")}.`);
  }

  const workloads = new Workloads(live.cluster, { purpose: "measure" });
  let data: MeasureData | undefined;
  try {
    teller.start("start the tools", `on ${nodes.client.name} and ${nodes.server.name}`);
    const { imageRegistry } = given;
    const bench = await openBench({
      live,
      nodes,
      outside,
      workloads,
      imageRegistry,
      busySeconds: options.busySeconds,
    });
    teller.done();
    const cluster = await clusterFacts(live, bench);
    const { runs, failed } = await execute(
      { blocks: schedule, measured, signal: live.signal, teller },
      {
        switchTo: async (mode) => {
          if (mode !== "present") await switching?.switchTo(mode);
          // A change takes a moment to become effective on the nodes.
          await answered(bench);
          if (mode !== "present") await inEffect(mode, bench);
        },
        setServices: (count) => bench.setServices(count),
        measure: (measurement) => measureOnce(measurement, bench, given.seconds),
      },
    );
    data = {
      version: 2,
      startedAt: new Date(began).toISOString(),
      seconds: (Date.now() - began) / 1000,
      cluster,
      modes: order,
      measured: measured.filter(({ id }) => failed.every((one) => one.id !== id)),
      leftOut: [...leftOut, ...failed],
      runs,
    };
  } finally {
    if (data === undefined) teller.fail();
    await restore(options, workloads);
  }
  return data;
}

/** The measured cluster, with the facts that it provides. */
async function clusterFacts(live: Live, bench: Bench): Promise<ClusterFacts> {
  const { cluster, target } = live;
  const { client, server, third } = bench.nodes;
  const parts = { client, server, ...(third === undefined ? {} : { NodePort: third }) };
  const [version, calico, vpcCni, mtu, counters] = await Promise.all([
    cluster.get<{ gitVersion?: string }>("/version"),
    installation(live),
    hasVpcCni(live),
    bench.ask("pod", ["cat", "/sys/class/net/eth0/mtu"], 30),
    Promise.all(Object.values(parts).map((node) => bench.counters(node))),
  ]);
  const network = calico?.spec?.["calicoNetwork"] as
    | { ipPools?: readonly { encapsulation?: string }[] }
    | undefined;
  return {
    name: target.name,
    kubernetesVersion: version?.gitVersion ?? "unknown",
    calicoVersion: calico?.status?.calicoVersion ?? "unknown",
    mtuBytes: Number(mtu),
    encapsulation: vpcCni ? "None" : (network?.ipPools?.[0]?.encapsulation ?? "unknown"),
    ...(vpcCni ? { vpcCni } : {}),
    nodes: Object.entries(parts).map(([part, { name, kernel }]) => ({ part, name, kernel })),
    isOneMachine: new Set(counters.map(({ bootId }) => bootId)).size === 1,
    outside: bench.outside?.name,
  };
}

/** Removes the pods, then puts the mode back, each also when the other fails. @throws UserError that names what failed */
async function restore(
  { live, modes: switching, teller }: SessionOptions,
  workloads: Workloads,
): Promise<void> {
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
  if (switching?.isAway) await attempt("restore the mode", () => switching.restore());
  if (problems.length > 0)
    throw new UserError(`measure: some things could not be restored.\n${problems.join("\n")}`);
}
