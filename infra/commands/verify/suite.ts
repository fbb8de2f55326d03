import { setTimeout as sleep } from "node:timers/promises";
import type { Check, Live, Outcome } from "./check.ts";
import { checks } from "./checks/index.ts";
import { judge } from "./judge.ts";
import { openLive } from "./session.ts";
import type { Target } from "./target.ts";
import { removeProbes } from "./workloads/probes.ts";

/** A check takes as long as its own limits allow; this only ends one that hangs. */
const longestCheckMilliseconds = 900_000;

/** What one pass over the checks is to do. */
export interface Run {
  readonly target: Target;
  /** Names of the checks to run. */
  readonly only: readonly string[];
  /** Requests under way at one time. */
  readonly concurrency: number;
  /** Mirror of the images of what the checks start; undefined: their own registries. */
  readonly imageRegistry: string | undefined;
  /** After this time a request without an answer is given up. Default: as in Transport. */
  readonly timeoutMilliseconds?: number | undefined;
  /** Aborted when the run is to end; what the checks made is removed then. */
  readonly signal: AbortSignal;
}

/** What a pass over all checks came to. */
export interface Pass {
  /** In the order of the table of checks. */
  readonly outcomes: readonly Outcome[];
  /** Requests to the API server and to EC2. */
  readonly calls: number;
}

/**
 * Runs every check once, all at the same time, on a connection of this pass.
 * @param onOutcome gets each outcome as soon as it is there
 * @throws when a check itself is at fault, and the signal's reason when it is aborted
 */
export async function runChecks(run: Run, onOutcome: (outcome: Outcome) => void = () => {}): Promise<Pass> {
  const { target, only, concurrency, imageRegistry, timeoutMilliseconds, signal } = run;
  const live = openLive(target, concurrency, signal, imageRegistry, timeoutMilliseconds);
  const chosen = checks.filter(({ name }) => only.includes(name));
  try {
    const settled = await Promise.allSettled(
      chosen.map(async (check) => {
        const outcome = await inTime(check, live);
        onOutcome(outcome);
        return outcome;
      }),
    );
    signal.throwIfAborted();
    const outcomes = settled.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    });
    return { outcomes, calls: live.cluster.calls + live.ec2.calls };
  } finally {
    await removeProbes(live);
    live.cluster.close();
  }
}

async function inTime(check: Check, live: Live): Promise<Outcome> {
  const ending = new AbortController();
  const late = sleep(longestCheckMilliseconds, undefined, { signal: ending.signal, ref: false }).then(
    (): Outcome => ({
      name: check.name,
      title: check.title,
      verdict: "unknown",
      findings: [{ verdict: "unknown", evidence: "the check did not end within 15 minutes" }],
      seconds: longestCheckMilliseconds / 1000,
    }),
  );
  // Cut off once the check has ended.
  late.catch(() => {});
  try {
    return await Promise.race([judge(check, live), late]);
  } finally {
    ending.abort();
  }
}
