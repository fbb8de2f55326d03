import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../shared/progress.ts";
import type { Run } from "./comparison.ts";
import type { LeftOut, Measurement } from "./measurements.ts";
import type { Found } from "./measureOnce.ts";
import { type Measured, titleOf } from "./modes.ts";
import { ToolError } from "./tools.ts";

/** A stretch in one mode, with a number of runs of each measurement. */
export type Block = { readonly mode: Measured; readonly repeats: number };

/** The modes there and back again: tunnel, dsr, tunnel. A cluster that slowly gets faster or slower favours neither then. */
export function blocks(modes: readonly Measured[], repeats: number): Block[] {
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
 * The runs of a block: round after round, so that what drifts touches all measurements alike. Those that need more
 * services come last, so that they are made once; the fewest are measured at both ends.
 */
export function turns(measured: readonly Measurement[], repeats: number): Measurement[] {
  const levels = [...Map.groupBy(measured, ({ services = 0 }) => services)].toSorted(([a], [b]) => a - b);
  const rounds = (from: number, to: number, ofLevel: readonly Measurement[]) =>
    Array.from({ length: to - from }, (_, at) =>
      ofLevel.filter(({ kind }) => kind !== "take-in" || (from + at) % roundsPerTakeIn === 0),
    ).flat();
  const [fewest, ...more] = levels.filter(([services]) => services > 0);
  const half = more.length === 0 ? repeats : Math.ceil(repeats / 2);
  return [
    ...levels.flatMap((level) => rounds(0, level === fewest ? half : repeats, level[1])),
    ...rounds(half, repeats, fewest?.[1] ?? []),
  ];
}

export type Teller = Pick<Progress, "done" | "fail" | "start">;

/** A schedule, and what it runs on. */
export interface Schedule {
  readonly blocks: readonly Block[];
  readonly measured: readonly Measurement[];
  readonly signal: AbortSignal;
  /** Progress of the run. */
  readonly teller: Teller;
  /** Switches the cluster to a mode, and waits until it is reached. */
  switchTo(mode: Measured): Promise<void>;
  /** Creates or removes services to reach this number; 0: as before. */
  setServices(count: number): Promise<void>;
  measure(measurement: Measurement): Promise<Found>;
}

/** Before the second attempt at a run that failed. */
const pauseMilliseconds = 2000;

/**
 * Carries out a schedule. A tool that fails twice costs its measurement; a cluster that fails, the whole run.
 * @returns runs, and the measurements that failed with the tool's reason
 */
export async function execute(
  schedule: Schedule,
): Promise<{ readonly runs: readonly Run[]; readonly failed: readonly LeftOut[] }> {
  const { blocks, measured, teller, signal } = schedule;
  const runs: Run[] = [];
  const failed = new Map<string, LeftOut>();
  const reported = async (step: string, work: Promise<void>) => {
    teller.start(step);
    await work;
    teller.done();
  };
  for (const [block, { mode, repeats }] of blocks.entries()) {
    await reported(`switch to ${titleOf(mode)}`, schedule.switchTo(mode));
    const all = turns(measured, repeats);
    let services = 0;
    for (const [at, measurement] of all.entries()) {
      signal.throwIfAborted();
      if (failed.has(measurement.id)) continue;
      if ((measurement.services ?? 0) !== services) {
        services = measurement.services ?? 0;
        await reported(`change services, ${services} in total`, schedule.setServices(services));
      }
      const where = `${titleOf(mode)}, run ${at + 1} of ${all.length}, block ${block + 1} of ${blocks.length}`;
      teller.start(measurement.title, where);
      const found = await attempt(measurement, schedule);
      if (typeof found === "string") {
        failed.set(measurement.id, { id: measurement.id, title: measurement.title, why: found });
        teller.fail(found);
      } else {
        runs.push({ mode, block, measurement: measurement.id, at: new Date().toISOString(), ...found });
        teller.done();
      }
    }
    await reported("remove services", schedule.setServices(0));
  }
  // Half of a measurement would compare modes on different terms.
  return { runs: runs.filter(({ measurement }) => !failed.has(measurement)), failed: [...failed.values()] };
}

/** What a run found, or why it failed twice. */
async function attempt(one: Measurement, schedule: Schedule, isLast = false): Promise<Found | string> {
  try {
    return await schedule.measure(one);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (isLast) return error.message;
    await sleep(pauseMilliseconds, undefined, { signal: schedule.signal });
    return attempt(one, schedule, true);
  }
}
