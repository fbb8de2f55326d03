import { setTimeout as sleep } from "node:timers/promises";
import { Ec2Error } from "../../ec2.ts";
import { ClusterError } from "../../kubernetes/errors.ts";
import type { Check, Finding, Live, Outcome, Verdict } from "./check.ts";
import { checks } from "./checks/index.ts";
import { nodes } from "./reading/objects.ts";
import { openLive } from "./session.ts";
import type { Target } from "./target.ts";
import { removeProbes } from "./workloads/probes.ts";

/** Runs a check and returns its result. A check that cannot look is unknown, never passed. */
export async function judge(check: Check, live: Live): Promise<Outcome> {
  const began = performance.now();
  const { name, title } = check;
  const outcome = (verdict: Outcome["verdict"], findings: readonly Finding[]): Outcome => ({
    name,
    title,
    verdict,
    findings,
    seconds: (performance.now() - began) / 1000,
  });
  try {
    const applies = (await check.appliesTo?.(live)) ?? true;
    if (applies !== true) return outcome("not applicable", [{ verdict: "unknown", evidence: applies }]);
    const findings = await findingsOf(check, live);
    return outcome(verdictOf(findings), findings);
  } catch (error) {
    live.signal.throwIfAborted();
    if (!(error instanceof ClusterError || error instanceof Ec2Error)) throw error;
    return outcome("unknown", [{ verdict: "unknown", evidence: error.message }]);
  }
}

/** Failed where anything failed; passed only where something was seen, and all of it passed. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ verdict }) => verdict === "failed")) return "failed";
  if (findings.length === 0 || findings.some(({ verdict }) => verdict === "unknown")) return "unknown";
  return "passed";
}

async function findingsOf(check: Check, live: Live): Promise<readonly Finding[]> {
  if ((await nodes(live)).length === 0) {
    return [{ verdict: "unknown", evidence: "the cluster has no nodes to check" }];
  }
  const findings = await check.run(live);
  return findings.length > 0 ? findings : [{ verdict: "unknown", evidence: "there was nothing to check" }];
}

/** A check has its own limits; this only ends one that hangs. */
const longestCheckMilliseconds = 900_000;

/** Options of one pass over the checks. */
export interface Run {
  readonly target: Target;
  /** Names of the checks to run. */
  readonly only: readonly string[];
  /** Concurrent requests. */
  readonly concurrency: number;
  /** Mirror for the images of the checks' pods; undefined: the original registries. */
  readonly imageRegistry: string | undefined;
  /** A request without an answer is given up after this time. Default: as in Transport. */
  readonly timeoutMilliseconds?: number | undefined;
  /** Aborted when the run must end; what the checks created is then removed. */
  readonly signal: AbortSignal;
}

/** Results of a pass over all checks. */
export interface Pass {
  /** In the order of the table of checks. */
  readonly outcomes: readonly Outcome[];
  /** Requests to the API server and to EC2. */
  readonly calls: number;
}

/**
 * Runs every check once, all at the same time, on a connection of this pass.
 * @param onOutcome receives each outcome as soon as it is available
 * @throws when a check has a bug, and the signal's reason when it is aborted
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
    await live.ec2.close();
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

/** Pause between two passes. */
const pauseMilliseconds = 10_000;

interface Stability {
  /** How long a pass with failures is repeated; 0: not at all. */
  readonly waitMilliseconds: number;
  /** Consecutive passes without failures that are required. */
  readonly count: number;
  readonly isGood: (outcomes: readonly Outcome[]) => boolean;
  /** Called after each pass except the last. */
  readonly onLook: (pass: Pass, inRow: number) => void;
  readonly signal: AbortSignal;
  /** Default: ten seconds. */
  readonly pauseMilliseconds?: number;
}

/** Repeats until enough consecutive passes succeed, or the time is over; returns the last. */
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
