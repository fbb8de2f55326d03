import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../shared/errors.ts";
import type { Live } from "../verify/check.ts";
import { openLive } from "../verify/session.ts";
import { Workloads } from "../verify/workloads/workloads.ts";
import { Bench } from "./bench.ts";
import { dataVersion, type MeasureData } from "./comparison.ts";
import { execute, Stopwatch, type Teller } from "./execute.ts";
import { type Measurement, measurements } from "./measurements.ts";
import { measureOnce, podMtu } from "./measureOnce.ts";
import { type ModeSwitch, presentMode } from "./modeSwitch.ts";
import { benchNodes, type ChosenNodes, chooseNodes, clusterFacts } from "./nodes.ts";
import type { MeasureArguments } from "./options.ts";
import { type Outside, refuseNode } from "./outside.ts";
import { timeText } from "./report.ts";
import {
  type Block,
  blocks,
  disturbances,
  estimate,
  type Lengths,
  type ModeName,
  modes,
} from "./schedule.ts";
import { ToolError } from "./tools.ts";

/** The plan. */
interface Intention {
  readonly blocks: readonly Block[];
  readonly measured: readonly Measurement[];
  readonly lengths: Lengths;
  readonly nodes: ChosenNodes;
  readonly home: ModeName;
}

/** Duration and disruptions of a run, a line each, before it starts. */
function announcement(intention: Intention): string[] {
  const { blocks, measured, nodes, home } = intention;
  const { seconds, switchingSeconds } = estimate({ ...intention, nodes: nodes.count });
  const path = [home, ...blocks.map(({ mode }) => mode), home];
  const steps = path.slice(1).flatMap((mode, at) => disturbances(path[at] ?? mode, mode));
  const isSwitching = path.some((mode) => mode !== home);
  const runs = blocks.reduce((sum, { repeats }) => sum + repeats * measured.length, 0);
  const { client, server, third } = nodes;
  return [
    `${measured.length} measurements, ${runs} runs: about ${timeText(seconds)}${isSwitching ? `, of which switching modes about ${timeText(switchingSeconds)}` : ""}.`,
    `Client on ${client.name}, server on ${server.name}${third === undefined ? "" : `, NodePort of ${third.name}`}; the runs load these nodes and the network between them.`,
    ...(isSwitching
      ? [
          `Modes: ${path.map((mode) => modes[mode].title).join(" → ")}.`,
          ...[...new Set(steps)].map((one) => `  disturbs: ${one}.`),
        ]
      : []),
  ];
}

/**
 * Asks before modes are switched.
 * @throws UserError when the answer is no, or without a terminal
 */
export async function confirm(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<void> {
  if (!input.isTTY)
    throw new UserError(
      "measure: switching modes needs a confirmation, and this is not a terminal. Add --yes.",
    );
  const lines = createInterface({ input, output });
  try {
    const answer = await lines.question("Switch modes and measure? Type yes: ", { signal });
    if (answer.trim() !== "yes") throw new UserError("measure: cancelled; nothing was changed.");
  } finally {
    lines.close();
  }
}

/** Dependencies of a session. */
interface SessionOptions {
  readonly live: Live;
  readonly given: Pick<
    MeasureArguments,
    "client" | "imageRegistry" | "lengths" | "modes" | "only" | "repeats" | "services"
  >;
  /** Undefined: the cluster stays in its mode. */
  readonly modes: ModeSwitch | undefined;
  /** Reaches the client outside. */
  readonly reach: (host: string) => Promise<Outside>;
  /** Asks before modes are switched. */
  readonly confirm: () => Promise<void>;
  readonly say: (line: string) => void;
  readonly teller: Teller;
}

/** Time for a switch to reach every node. */
const settleSeconds = 120;

/** Measures a cluster, and restores it in any case. */
export async function measureCluster(options: SessionOptions): Promise<MeasureData> {
  const { live, given, modes, say } = options;
  const stopwatch = new Stopwatch();
  const startedAt = new Date().toISOString();
  const all = await stopwatch.waiting(benchNodes(live));
  const nodes = chooseNodes(all);
  const outside =
    given.client === undefined ? undefined : await stopwatch.waiting(reached(given.client, all, options));
  const { measured, leftOut } = measurements({
    nodes: all.length,
    hasOutside: outside !== undefined,
    services: given.services,
    ...(given.only === undefined ? {} : { only: given.only }),
  });
  const home = modes?.home ?? (await stopwatch.waiting(presentMode(live)));
  const order = given.modes.length === 0 ? [home] : given.modes;
  const schedule = blocks(order, given.repeats);
  for (const line of announcement({ blocks: schedule, measured, lengths: given.lengths, nodes, home }))
    say(line);
  if (schedule.some(({ mode }) => mode !== home)) await stopwatch.waiting(options.confirm());

  const cleaning = new Cleaning(options);
  try {
    const { imageRegistry } = given;
    const { cluster, signal } = live;
    const workloads = new Workloads(cluster, { purpose: "measure" });
    cleaning.owe(workloads);
    const opening = Bench.open({ cluster, nodes, outside, imageRegistry, signal }, workloads);
    options.teller.start("start the tools", `on ${nodes.client.name} and ${nodes.server.name}`);
    const bench = await stopwatch.waiting(opening);
    options.teller.done();
    const mtuBytes = await stopwatch.waiting(podMtu(bench));
    const facts = await stopwatch.waiting(clusterFacts(live, { nodes, outside, mtuBytes }));
    const once = { bench, lengths: given.lengths, mtuBytes };
    const { runs, failed } = await execute(
      { blocks: schedule, measured, signal, stopwatch, teller: options.teller },
      {
        switchTo: async (mode) => {
          await modes?.switchTo(mode);
          await settled(bench, signal);
        },
        setServices: (count) => bench.setServices(count),
        measure: (measurement) => measureOnce(measurement, once),
        refuseGone: () => bench.refuseGone(),
      },
    );
    await stopwatch.waiting(cleaning.clean());
    return {
      version: dataVersion,
      startedAt,
      cluster: facts,
      modes: order,
      measured: measured
        .filter(({ id }) => failed.every((one) => one.id !== id))
        .map(({ id, title, kind }) => ({ id, title, kind })),
      leftOut: [...leftOut, ...failed],
      runs,
      own: {
        wallSeconds: stopwatch.wallSeconds,
        ownSeconds: stopwatch.ownSeconds,
        memoryMebibytes: process.resourceUsage().maxRSS / 1024,
      },
    };
  } finally {
    options.teller.fail();
    await cleaning.clean();
  }
}

async function reached(
  host: string,
  nodes: Parameters<typeof refuseNode>[1],
  { reach }: SessionOptions,
): Promise<Outside> {
  refuseNode(host, nodes);
  return reach(host);
}

/** Waits until the service answers on every path in a row: a change takes a moment to become effective on the nodes. */
async function settled(bench: Bench, signal: AbortSignal): Promise<void> {
  const ways = ["ClusterIP", "NodePort of the server's node"] as const;
  const limit = performance.now() + settleSeconds * 1000;
  for (let row = 0; row < 3; ) {
    signal.throwIfAborted();
    try {
      for (const way of ways) {
        await measureOnce(
          { id: "settled", title: "", kind: "source address", client: "other node", way },
          { bench, lengths: noLengths, mtuBytes: 0 },
        );
      }
      row += 1;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      if (performance.now() > limit) {
        throw new UserError(
          `measure: the service did not answer within ${settleSeconds} s: ${error.message}`,
        );
      }
      row = 0;
      await sleep(1000, undefined, { signal });
    }
  }
}

const noLengths = {
  throughputSeconds: 0,
  requestSeconds: 0,
  warmUpSeconds: 0,
  firstPackets: 0,
  firstPacketsPerSecond: 1,
};

/** The cleanup, done once, also after an interruption. */
class Cleaning {
  readonly #options: SessionOptions;
  #workloads: Workloads | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  owe(workloads: Workloads): void {
    this.#workloads = workloads;
  }

  /** Removes the pods, then restores the mode: the shorter of the two first. */
  async clean(): Promise<void> {
    const { modes, teller } = this.#options;
    const workloads = this.#workloads;
    this.#workloads = undefined;
    const problems: string[] = [];
    const attempt = async (step: string, work: () => Promise<void>) => {
      teller.start(step);
      try {
        await work();
        teller.done();
      } catch (error) {
        teller.fail();
        problems.push(`${step}: ${error instanceof Error ? error.message : error}`);
      }
    };
    if (workloads !== undefined) await attempt("remove the tools", () => this.#remove(workloads));
    if (modes?.isAway) await attempt("restore the mode", () => modes.restore());
    if (problems.length > 0)
      throw new UserError(
        `measure: some things could not be restored.\n${problems.map((one) => `  ${one}`).join("\n")}`,
      );
  }

  /** On a separate connection: the signal that ended the run must not end this. */
  async #remove(workloads: Workloads): Promise<void> {
    const { target } = this.#options.live;
    const { cluster } = openLive(target, 4, new AbortController().signal);
    try {
      await workloads.remove(cluster);
    } finally {
      cluster.close();
    }
  }
}
