import { inspect } from "node:util";
import { refuseUnwritableFile, writeWhole } from "../commandLine/outputFile.ts";
import { usageText } from "../commandLine/usage.ts";
import { systemProblem } from "../rehearsal/systemErrors.ts";
import { UserError } from "../rehearsal/userError.ts";
import { parseVerify, type VerifyArguments } from "./arguments.ts";
import type { Outcome } from "./check.ts";
import { checks } from "./checks/index.ts";
import { ClusterError } from "./cluster/clusterError.ts";
import { findTarget } from "./findTarget.ts";
import { verify } from "./options.ts";
import { verifyData } from "./reports/data.ts";
import { junit } from "./reports/junit.ts";
import { checkList, outcomeLines, summaryLine } from "./reports/lines.ts";
import { lostChecks } from "./rights.ts";
import { openLive } from "./session.ts";
import { untilStable } from "./stable.ts";
import { type Pass, Suite } from "./suite.ts";
import type { Target } from "./target.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

/** Exit code as a shell gives it after Ctrl-C: 128 and the signal's number. */
const interruptedCode = 130;

const ending = new AbortController();

/** Runs `npm run verify`. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const given = parseVerify(argv);
  if (given.help) say(usageText(verify));
  else if (given.list) say(checkList(checks).join("\n"));
  if (given.help || given.list || given.cluster === undefined) return 0;
  for (const option of ["junit", "json"] as const) {
    const file = given[option];
    if (file !== undefined) refuseUnwritableFile(option, file);
  }
  const target = await findTarget(given.cluster, given.endpoint, say);
  try {
    return await verified(given, target);
  } catch (error) {
    // Whoever reads only the files has to see this too.
    write(given, target, { outcomes: [], calls: 0 }, messageOf(error));
    throw error;
  }
}

async function verified(given: VerifyArguments, target: Target): Promise<number> {
  const began = performance.now();
  const { only, concurrency, allowUnknown, waitMilliseconds, count } = given;
  await greet(given, target);
  const suite = await Suite.create({ target, only, concurrency });
  process.once("SIGINT", () => {
    ending.abort(new UserError("interrupted"));
    complain("Interrupted; what the checks made is being removed.");
    void suite.cancel();
  });
  const print = printer(only);
  const isSingle = waitMilliseconds === 0 && count === 1;
  const isGood = (outcomes: readonly Outcome[]) =>
    outcomes.every(({ verdict }) => verdict !== "failed" && (allowUnknown || verdict !== "unknown"));
  try {
    const pass = await untilStable(() => suite.pass(isSingle ? print : undefined), {
      waitMilliseconds,
      count,
      isGood,
      signal: ending.signal,
      onLook: ({ outcomes }, inRow) => say(lookLine(outcomes, inRow, count, began)),
    });
    if (!isSingle) for (const outcome of pass.outcomes) print(outcome);
    say(`\n${summaryLine(pass.outcomes, pass.calls, (performance.now() - began) / 1000)}`);
    write(given, target, pass, undefined, isGood(pass.outcomes));
    return isGood(pass.outcomes) ? 0 : 1;
  } finally {
    await suite.close();
  }
}

/** Makes sure that there is a cluster, and says what of the checks this account loses. */
async function greet({ only, concurrency }: VerifyArguments, target: Target): Promise<void> {
  const { cluster } = openLive(target, concurrency, ending.signal);
  try {
    const version = await cluster.get<{ gitVersion?: string }>("/version");
    say(`Cluster of ${target.name} at ${cluster.server}, Kubernetes ${version?.gitVersion ?? "unknown"}`);
    const chosen = checks.filter(({ name }) => only.includes(name));
    for (const line of await lostChecks(cluster, chosen)) say(line);
    say("");
  } finally {
    cluster.close();
  }
}

/** Prints outcomes in the order of the table, each as soon as those before it are there. */
function printer(names: readonly string[]): (outcome: Outcome) => void {
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

function write(
  { junit: junitFile, json }: VerifyArguments,
  target: Target,
  { outcomes, calls }: Pass,
  problem: string | undefined,
  passed = false,
): void {
  if (junitFile !== undefined) writeWhole("junit", junitFile, junit(outcomes, target.name, problem));
  if (json === undefined) return;
  const data = verifyData(checks, {
    cluster: target.name,
    passed,
    requests: calls,
    outcomes,
    now: new Date(),
    ...(problem === undefined ? {} : { problem }),
  });
  writeWhole("json", json, `${JSON.stringify(data, undefined, 2)}\n`);
}

/** Whatever is the user's to mend, in a line; undefined: it is a mistake in here. */
function plain(error: unknown): string | undefined {
  return error instanceof UserError || error instanceof ClusterError ? error.message : systemProblem(error);
}

function messageOf(error: unknown): string {
  return plain(error) ?? (error instanceof Error ? error.message : String(error));
}

function fail(error: unknown): void {
  complain(ending.signal.aborted ? "verify: interrupted" : (plain(error) ?? inspect(error)));
  process.exitCode = ending.signal.aborted ? interruptedCode : 1;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, fail);
