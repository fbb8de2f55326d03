import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../shared/progress.ts";
import type { Run } from "./comparison.ts";
import type { LeftOut, Measurement } from "./measurements.ts";
import type { Found } from "./measureOnce.ts";
import { type Measured, titleOf } from "./modes.ts";
import { ToolError } from "./tools.ts";

/** A stretch of runs in one mode. */
export interface Block {
  readonly mode: Measured;
  /** Runs of each measurement. */
  readonly repeats: number;
}

/** The modes there and back again: tunnel, dsr, tunnel. A cluster that slowly gets faster or slower favours neither then. */
export function blocks(modes: readonly Measured[], repeats: number): Block[] {
  const [only] = modes;
  if (modes.length === 1 && only !== undefined) return [{ mode: only, repeats }];
  const there = modes.slice(0, -1);
  const first = Math.ceil(repeats / 2);
  return [
    ...there.map((mode) => ({ mode, repeats: first })),
    ...modes.slice(-1).map((mode) => ({ mode, repeats })),
    ...there.toReversed().map((mode) => ({ mode, repeats: repeats - first })),
  ].filter((block) => block.repeats > 0);
}

/** A thousand services take the cluster as long to make and to remove as everything else of a round together. */
const roundsPerTakeIn = 3;

/**
 * The runs of a block: round after round, so that what drifts touches all measurements alike, and those that need more
 * services last, so that they are made once.
 */
export function turns(measured: readonly Measurement[], repeats: number): Measurement[] {
  const levels = Map.groupBy(measured, ({ services = 0 }) => services);
  const ascending = [...levels].toSorted(([a], [b]) => a - b);
  const round =
    (number: number) =>
    ({ kind }: Measurement) =>
      kind !== "take-in" || number % roundsPerTakeIn === 0;
  return ascending.flatMap(([, ofLevel]) =>
    Array.from({ length: repeats }, (_, number) => ofLevel.filter(round(number))).flat(),
  );
}

/** What a schedule runs on; a test passes its own. */
export interface Carriers {
  /** Switches the cluster to a mode, and waits until it is reached. */
  switchTo(mode: Measured): Promise<void>;
  /** Creates or removes services to reach this number; 0: as before. */
  setServices(count: number): Promise<void>;
  measure(measurement: Measurement): Promise<Found>;
}

export type Teller = Pick<Progress, "done" | "fail" | "start">;

export interface Schedule {
  readonly blocks: readonly Block[];
  readonly measured: readonly Measurement[];
  readonly signal: AbortSignal;
  /** Progress of the run. */
  readonly teller: Teller;
}

/** Before the second attempt at a run that failed. */
const pauseMilliseconds = 2000;

/**
 * Carries out a schedule. A tool that fails twice costs its measurement; a cluster that fails, the whole run.
 * @returns runs, and the measurements that failed with the tool's reason
 */
export async function execute(
  schedule: Schedule,
  carriers: Carriers,
): Promise<{ readonly runs: readonly Run[]; readonly failed: readonly LeftOut[] }> {
  const { blocks, measured, teller, signal } = schedule;
  const runs: Run[] = [];
  const failed = new Map<string, LeftOut>();
  for (const [block, { mode, repeats }] of blocks.entries()) {
    await reported(teller, `switch to ${titleOf(mode)}`, carriers.switchTo(mode));
    const all = turns(measured, repeats);
    let services = 0;
    for (const [at, measurement] of all.entries()) {
      signal.throwIfAborted();
      if (failed.has(measurement.id)) continue;
      if ((measurement.services ?? 0) !== services) {
        services = measurement.services ?? 0;
        await reported(teller, `create services, ${services} in total`, carriers.setServices(services));
      }
      const where = `${titleOf(mode)}, run ${at + 1} of ${all.length}, block ${block + 1} of ${blocks.length}`;
      teller.start(measurement.title, where);
      const found = await attempt(measurement, signal, carriers);
      if (typeof found === "string") {
        failed.set(measurement.id, { id: measurement.id, title: measurement.title, why: found });
        teller.fail(found);
      } else {
        runs.push({ mode, block, measurement: measurement.id, at: new Date().toISOString(), ...found });
        teller.done();
      }
    }
    await reported(teller, "remove services", carriers.setServices(0));
  }
  // Half of a measurement would compare modes on different terms.
  return { runs: runs.filter(({ measurement }) => !failed.has(measurement)), failed: [...failed.values()] };
}

/** What a run found, or why it failed twice. */
async function attempt(
  measurement: Measurement,
  signal: AbortSignal,
  carriers: Carriers,
): Promise<Found | string> {
  let why = "";
  for (const isLast of [false, true]) {
    try {
      return await carriers.measure(measurement);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      why = error.message;
      if (!isLast) await sleep(pauseMilliseconds, undefined, { signal });
    }
  }
  return why;
}

async function reported(teller: Teller, step: string, work: Promise<void>): Promise<void> {
  teller.start(step);
  await work;
  teller.done();
}
