import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "./check.ts";
import type { Pass } from "./suite.ts";

/** Pause between two looks. */
const pauseMilliseconds = 10_000;

export interface Stability {
  /** For how long a look that does not pass is followed by another; 0: not at all. */
  readonly waitMilliseconds: number;
  /** Looks in a row that have to pass. */
  readonly count: number;
  readonly isGood: (outcomes: readonly Outcome[]) => boolean;
  /** Told of each look but the last. */
  readonly onLook: (pass: Pass, inRow: number) => void;
  readonly signal: AbortSignal;
  /** Default: ten seconds. */
  readonly pauseMilliseconds?: number;
}

/** Looks again and again until enough looks in a row pass, or the time is over; returns the last. */
export async function untilStable(look: () => Promise<Pass>, options: Stability): Promise<Pass> {
  const { waitMilliseconds, count, isGood, onLook, signal } = options;
  const limit = performance.now() + waitMilliseconds;
  let inRow = 0;
  for (;;) {
    const pass = await look();
    const good = isGood(pass.outcomes);
    inRow = good ? inRow + 1 : 0;
    if (inRow >= count || (!good && performance.now() >= limit)) return pass;
    onLook(pass, inRow);
    await sleep(options.pauseMilliseconds ?? pauseMilliseconds, undefined, { signal });
  }
}
