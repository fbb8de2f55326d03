import { setTimeout as sleep } from "node:timers/promises";
import type { Run } from "./comparison.ts";
import type { LeftOut, Measurement } from "./measurements.ts";
import type { Found } from "./measureOnce.ts";
import { type Block, type ModeName, modes, turns } from "./schedule.ts";
import { ToolError } from "./tools.ts";

/** Separates own time from time spent waiting for a tool, the cluster or the engine. */
export class Stopwatch {
  readonly #began = performance.now();
  #others = 0;

  /** Waits for others; one thing at a time, otherwise time would count twice. */
  async waiting<T>(wait: Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await wait;
    } finally {
      this.#others += performance.now() - began;
    }
  }

  get wallSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get ownSeconds(): number {
    return Math.max(0, this.wallSeconds - this.#others / 1000);
  }
}

/** What a schedule runs on; a test passes its own. */
export interface Carriers {
  /** Switches the cluster to a mode, and waits until it is reached. */
  switchTo(mode: ModeName): Promise<void>;
  /** Creates or removes services to reach this number; 0: as before. */
  setServices(count: number): Promise<void>;
  measure(measurement: Measurement): Promise<Found>;
  /** Called after a failure: throws when the run cannot continue, because a node is gone. */
  refuseGone(): Promise<void>;
}

/** Progress of the run. */
export interface Teller {
  start(step: string, detail?: string): void;
  done(summary?: string): void;
  fail(summary?: string): void;
}

export interface Schedule {
  readonly blocks: readonly Block[];
  readonly measured: readonly Measurement[];
  readonly signal: AbortSignal;
  readonly stopwatch: Stopwatch;
  readonly teller: Teller;
}

/** Results of a schedule. */
interface Executed {
  readonly runs: readonly Run[];
  /** Measurements that failed, with the tool's reason. */
  readonly failed: readonly LeftOut[];
}

/** Before the second attempt at a run that failed. */
const pauseMilliseconds = 2000;

/** Carries out a schedule. A tool that fails twice costs its measurement; a cluster that fails, the whole run. */
export async function execute(schedule: Schedule, carriers: Carriers): Promise<Executed> {
  const { blocks, measured, stopwatch, teller, signal } = schedule;
  const runs: Run[] = [];
  const failed = new Map<string, LeftOut>();
  for (const [block, { mode, repeats }] of blocks.entries()) {
    await reported(teller, `switch to ${modes[mode].title}`, stopwatch.waiting(carriers.switchTo(mode)));
    const all = turns(measured, repeats);
    let services = 0;
    for (const [at, turn] of all.entries()) {
      signal.throwIfAborted();
      const { measurement } = turn;
      if (failed.has(measurement.id)) continue;
      if (turn.services !== services) {
        services = turn.services;
        const step = `create services, ${services} in total`;
        await reported(teller, step, stopwatch.waiting(carriers.setServices(services)));
      }
      const where = `${modes[mode].title}, run ${at + 1} of ${all.length}, block ${block + 1} of ${blocks.length}`;
      teller.start(measurement.title, where);
      const found = await attempt(measurement, schedule, carriers);
      if (typeof found === "string") {
        failed.set(measurement.id, { id: measurement.id, title: measurement.title, why: found });
        teller.fail(found);
      } else {
        runs.push({ mode, block, measurement: measurement.id, at: new Date().toISOString(), ...found });
        teller.done();
      }
    }
    await reported(teller, "remove services", stopwatch.waiting(carriers.setServices(0)));
  }
  // Half of a measurement would compare modes on different terms.
  return { runs: runs.filter(({ measurement }) => !failed.has(measurement)), failed: [...failed.values()] };
}

/** What a run found, or why it failed twice. */
async function attempt(
  measurement: Measurement,
  { stopwatch, signal }: Schedule,
  carriers: Carriers,
): Promise<Found | string> {
  let why = "";
  for (const isLast of [false, true]) {
    try {
      return await stopwatch.waiting(carriers.measure(measurement));
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      await stopwatch.waiting(carriers.refuseGone());
      why = error.message;
      if (!isLast) await stopwatch.waiting(sleep(pauseMilliseconds, undefined, { signal }));
    }
  }
  return why;
}

async function reported(teller: Teller, step: string, work: Promise<void>): Promise<void> {
  teller.start(step);
  await work;
  teller.done();
}
