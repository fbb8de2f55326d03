import type { Surroundings } from "../shared/arguments.ts";
import { UserError } from "../shared/errors.ts";
import { Progress } from "../shared/progress.ts";
import { findTarget } from "../verify/findTarget.ts";
import { openLive, versionOf } from "../verify/session.ts";
import { type MeasureArguments, parseMeasure } from "./arguments.ts";
import { compareRuns, differentCircumstances } from "./honesty/regression.ts";
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

/** Exit code for a figure that got worse. */
const worseCode = 2;

/** Requests under way at a time: services are made so many at once. */
const concurrency = 16;

/**
 * `npm run measure`.
 * @returns the exit code: 2 when a figure got worse
 */
export async function runMeasure(argv: readonly string[], around: Surroundings): Promise<number> {
  const { say } = around;
  const given = parseMeasure(argv);
  refuseUnwritable(given, [given.from, given.compare]);
  const before = given.compare === undefined ? undefined : readData("compare", given.compare);
  const data = given.from === undefined ? await measured(given, around) : readData("from", given.from);
  say(`\n${terminalReport(data)}\n`);
  const written = await writeFiles(given, data);
  if (written.length > 0) say(`Written: ${written.join(", ")}`);
  return before === undefined ? 0 : compared(given, data, before, say);
}

async function measured(given: MeasureArguments, around: Surroundings): Promise<MeasureData> {
  const { cluster: choice, timeoutMilliseconds } = given;
  const { say, complain, ending } = around;
  const { signal } = ending;
  if (choice === undefined) throw new UserError("measure: no cluster was named.");
  const modes =
    given.modes.length > 0 && "stack" in choice
      ? await switchOf(choice.stack, given.modes, around)
      : undefined;
  const target = await findTarget(choice, undefined, say);
  ending.cleansUp({
    words:
      "Interrupted; the tools are being removed, and the mode put back. Ctrl-C again leaves that to you.",
    againWords:
      "measure: interrupted again. What is left: a namespace that the next run removes, and the mode, which npx pulumi up puts back.",
  });
  const live = openLive(target, concurrency, signal, undefined, timeoutMilliseconds);
  try {
    await versionOf(live.cluster, complain);
    return await measureCluster({
      live,
      given,
      modes,
      reach: sshOutside,
      confirm: () => (given.yes ? Promise.resolve() : confirm(process.stdin, process.stdout, signal)),
      say,
      teller: new Progress(process.stdout),
    });
  } finally {
    live.cluster.close();
  }
}

async function switchOf(
  stack: string,
  modes: readonly ModeName[],
  { root, say }: Surroundings,
): Promise<ModeSwitch> {
  // Only here: what runs the engine is large, and takes its time to load.
  const { openModes } = await import("./runs/modes/openModes.ts");
  return openModes(stack, modes, root, say);
}

function compared(
  { threshold }: MeasureArguments,
  now: MeasureData,
  before: MeasureData,
  say: Surroundings["say"],
): number {
  const all = compareRuns(now, before, threshold);
  for (const line of comparisonLines(all, differentCircumstances(now, before), threshold)) say(line);
  return all.some(({ isRegression }) => isRegression) ? worseCode : 0;
}
