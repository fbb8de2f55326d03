import { join } from "node:path";
import { inspect } from "node:util";
import { usageText } from "../commandLine/usage.ts";
import { ClusterError } from "../live/cluster/clusterError.ts";
import { findTarget } from "../live/findTarget.ts";
import { openLive } from "../live/session.ts";
import { Progress } from "../rehearsal/progress.ts";
import { systemProblem } from "../rehearsal/systemErrors.ts";
import { UserError } from "../rehearsal/userError.ts";
import { type MeasureArguments, parseMeasure } from "./arguments.ts";
import { compareRuns, differentCircumstances } from "./honesty/regression.ts";
import { measure } from "./options.ts";
import type { ModeName } from "./plan/modes.ts";
import { comparisonLines } from "./reports/comparisonLines.ts";
import { readData } from "./reports/dataFile.ts";
import { refuseUnwritable, writeFiles } from "./reports/files.ts";
import type { MeasureData } from "./reports/measureData.ts";
import { terminalReport } from "./reports/terminal.ts";
import { confirm } from "./runs/announce.ts";
import type { ModeSwitch } from "./runs/modes/modeSwitch.ts";
import { sshOutside } from "./runs/outside.ts";
import { measureCluster } from "./runs/session.ts";

const root = join(import.meta.dirname, "..", "..");
const say = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

/** Exit codes beside 0 and 1: after Ctrl-C as a shell gives it, and for a figure that got worse. */
const interruptedCode = 130;
const worseCode = 2;

/** Requests under way at a time: services are made so many at once. */
const concurrency = 16;

const ending = new AbortController();

/** Runs `npm run measure`. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const given = parseMeasure(argv);
  if (given.help) {
    say(usageText(measure));
    return 0;
  }
  refuseUnwritable(given, [given.from, given.compare]);
  const before = given.compare === undefined ? undefined : readData("compare", given.compare);
  const data = given.from === undefined ? await measured(given) : readData("from", given.from);
  say(`\n${terminalReport(data)}\n`);
  const written = await writeFiles(given, data);
  if (written.length > 0) say(`Written: ${written.join(", ")}`);
  return before === undefined ? 0 : compared(given, data, before);
}

async function measured(given: MeasureArguments): Promise<MeasureData> {
  const { cluster: choice } = given;
  if (choice === undefined) throw new UserError("measure: no cluster was named.");
  const modes =
    given.modes.length > 0 && "stack" in choice ? await switchOf(choice.stack, given.modes) : undefined;
  const target = await findTarget(choice, undefined, say);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, interrupt);
  const live = openLive(target, concurrency, ending.signal);
  try {
    return await measureCluster({
      live,
      given,
      modes,
      reach: sshOutside,
      confirm: () => (given.yes ? Promise.resolve() : confirm(process.stdin, process.stdout, ending.signal)),
      say,
      teller: new Progress(process.stdout),
    });
  } finally {
    live.cluster.close();
  }
}

async function switchOf(stack: string, modes: readonly ModeName[]): Promise<ModeSwitch> {
  // Only here: what runs the engine is large, and takes its time to load.
  const { openModes } = await import("./runs/modes/openModes.ts");
  return openModes(stack, modes, root, say);
}

function compared({ threshold }: MeasureArguments, now: MeasureData, before: MeasureData): number {
  const all = compareRuns(now, before, threshold);
  for (const line of comparisonLines(all, differentCircumstances(now, before), threshold)) say(line);
  return all.some(({ isRegression }) => isRegression) ? worseCode : 0;
}

/** Once: ends the runs, and lets everything be put back. Twice: leaves that to the user, and says how. */
function interrupt(): void {
  if (ending.signal.aborted) {
    complain(
      "measure: interrupted again. What is left: a namespace that the next run removes, and the mode, which npx pulumi up puts back.",
    );
    process.exit(interruptedCode);
  }
  ending.abort(new UserError("interrupted"));
  complain(
    "Interrupted; the tools are being removed, and the mode put back. Ctrl-C again leaves that to you.",
  );
}

function fail(error: unknown): void {
  const known =
    error instanceof UserError || error instanceof ClusterError ? error.message : systemProblem(error);
  const isPutBack = !(error instanceof UserError && error.message.includes("put back"));
  complain(ending.signal.aborted && isPutBack ? "measure: interrupted" : (known ?? inspect(error)));
  process.exitCode = ending.signal.aborted ? interruptedCode : 1;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, fail);
