import { setTimeout as sleep } from "node:timers/promises";
import type { VerifyArguments } from "./arguments.ts";
import type { Outcome } from "./check.ts";
import { checks } from "./checks/index.ts";
import { outcomeLines, summaryLine } from "./reports.ts";
import { lostChecks, openLive, versionOf } from "./session.ts";
import { type Pass, type Run, runChecks, untilStable } from "./suite.ts";
import type { Target } from "./target.ts";
import { removeOwn } from "./workloads/namespaces.ts";

/** Which checks run, how often, and when they pass. */
export type VerifyOptions = Pick<
  VerifyArguments,
  | "only"
  | "concurrency"
  | "waitMilliseconds"
  | "count"
  | "allowUnknown"
  | "imageRegistry"
  | "timeoutMilliseconds"
>;

interface Surroundings {
  readonly say: (line: string) => void;
  /** Receives progress messages that are not results. */
  readonly complain: (line: string) => void;
  /** Aborted when the run must end; what the checks created is then removed. */
  readonly signal: AbortSignal;
}

/** Time between two messages about unfinished checks. */
const wordMilliseconds = 10_000;

/** The results. */
export interface Verification {
  readonly pass: Pass;
  /** Every check passed or does not apply; unknown ones only where that is allowed. */
  readonly isGood: boolean;
}

/**
 * Runs the checks on a cluster and prints what they find.
 * @throws ClusterError when there is no cluster, the signal's reason when it is aborted
 */
export async function verifyCluster(
  options: VerifyOptions,
  target: Target,
  { say, complain, signal }: Surroundings,
): Promise<Verification> {
  const began = performance.now();
  const { only, concurrency, allowUnknown, waitMilliseconds, count, imageRegistry, timeoutMilliseconds } =
    options;
  await greet(options, target, { say, complain, signal });
  const run = { target, only, concurrency, imageRegistry, timeoutMilliseconds, signal };
  const print = printer(only, say);
  const isSingle = waitMilliseconds === 0 && count === 1;
  const isGood = (outcomes: readonly Outcome[]) =>
    outcomes.every(({ verdict }) => verdict !== "failed" && (allowUnknown || verdict !== "unknown"));
  try {
    const pass = await untilStable(() => runAloud(run, complain, isSingle ? print : undefined), {
      waitMilliseconds,
      count,
      isGood,
      signal,
      onLook: ({ outcomes }, inRow) => say(lookLine(outcomes, inRow, count, began)),
    });
    if (!isSingle) for (const outcome of pass.outcomes) print(outcome);
    say(`\n${summaryLine(pass.outcomes, pass.calls, (performance.now() - began) / 1000)}`);
    return { pass, isGood: isGood(pass.outcomes) };
  } finally {
    await removeRemains(options, target, signal);
  }
}

/** Runs the checks, and lists from time to time those that are not done. */
async function runAloud(
  run: Run,
  complain: Surroundings["complain"],
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Pass> {
  const began = performance.now();
  const waiting = new Set(run.only);
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    const [first, ...others] = waiting;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const what = first === undefined ? "the removal of what the checks started" : `${first}${more}`;
    complain(`after ${seconds} s: waiting for ${what}`);
  }, wordMilliseconds);
  try {
    return await runChecks(run, (outcome) => {
      waiting.delete(outcome.name);
      onOutcome(outcome);
    });
  } finally {
    clearInterval(timer);
  }
}

/** Removes what an interrupted run has not removed itself. */
async function removeRemains(
  { only }: VerifyOptions,
  target: Target,
  { aborted }: AbortSignal,
): Promise<void> {
  const makes = checks.some(({ name, needs }) => only.includes(name) && needs.includes("workloads"));
  if (!(makes && aborted)) return;
  const { cluster } = openLive(target, 1, new AbortController().signal);
  try {
    // A pending request may still be carried out.
    await sleep(1000);
    await removeOwn(cluster);
  } finally {
    cluster.close();
  }
}

/** Makes sure that the cluster answers, and prints the checks that lack permissions. */
async function greet(
  { only, concurrency, timeoutMilliseconds }: VerifyOptions,
  target: Target,
  { say, complain, signal }: Surroundings,
): Promise<void> {
  const { cluster } = openLive(target, concurrency, signal, undefined, timeoutMilliseconds);
  try {
    const version = await versionOf(cluster, complain);
    say(`Cluster of ${target.name} at ${cluster.server}, Kubernetes ${version ?? "unknown"}`);
    const chosen = checks.filter(({ name }) => only.includes(name));
    for (const line of await lostChecks(cluster, chosen)) say(line);
    say("");
  } finally {
    cluster.close();
  }
}

/** Prints outcomes in the order of the table, each as soon as those before it are complete. */
function printer(names: readonly string[], say: Surroundings["say"]): (outcome: Outcome) => void {
  const waiting = new Map<string, Outcome>();
  const width = Math.max(...names.map((name) => name.length));
  let next = 0;
  return (outcome) => {
    waiting.set(outcome.name, outcome);
    for (;;) {
      const due = waiting.get(names[next] ?? "");
      const check = checks.find(({ name }) => name === due?.name);
      if (due === undefined || check === undefined) return;
      say(outcomeLines(due, check, width).join("\n"));
      next += 1;
    }
  };
}

function lookLine(outcomes: readonly Outcome[], inRow: number, count: number, began: number): string {
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const bad = outcomes.filter(({ verdict }) => verdict === "failed" || verdict === "unknown");
  const state =
    bad.length === 0 ? `passed, ${inRow} of ${count} in a row` : bad.map(({ name }) => name).join(", ");
  return `after ${seconds} s: ${bad.length === 0 ? state : `not yet: ${state}`}`;
}
