import type { Surroundings } from "../shared/arguments.ts";
import { refuseUnwritableFile, writeWhole } from "../shared/outputFile.ts";
import { Progress } from "../shared/progress.ts";
import { findTarget } from "../verify/findTarget.ts";
import { openLive, versionOf } from "../verify/session.ts";
import type { MeasureData } from "./comparison.ts";
import { type MeasureArguments, parseMeasure } from "./options.ts";
import { sshOutside } from "./outside.ts";
import { report } from "./report.ts";
import { measureCluster } from "./session.ts";

/** Concurrent requests: this number of services is created at once. */
const concurrency = 16;

/**
 * `npm run measure`.
 * @returns the exit code
 */
export async function runMeasure(argv: readonly string[], around: Surroundings): Promise<number> {
  const given = parseMeasure(argv);
  const { json, report: file } = given;
  if (json !== undefined) refuseUnwritableFile("json", json);
  if (file !== undefined) refuseUnwritableFile("report", file);
  const data = await measured(given, around);
  const text = report(data);
  around.say(`\n${text}`);
  if (json !== undefined) writeWhole("json", json, `${JSON.stringify(data, undefined, 2)}\n`);
  if (file !== undefined) writeWhole("report", file, text);
  return 0;
}

async function measured(given: MeasureArguments, around: Surroundings): Promise<MeasureData> {
  const { cluster: choice, timeoutMilliseconds } = given;
  const { say, complain, ending } = around;
  const { signal } = ending;
  // Only where it is needed: what runs the engine is large, and takes its time to load.
  const modes =
    given.modes.length > 0 && "stack" in choice
      ? await (await import("./switchModes.ts")).openModes(choice.stack, given.modes, around.root, say)
      : undefined;
  const target = await findTarget(choice, undefined, say);
  ending.cleansUp({
    words: "Interrupted; removing the tools and restoring the mode. Press Ctrl-C again to skip that.",
    againWords:
      "measure: interrupted again. A namespace remains, which the next run removes; npx pulumi up restores the mode.",
  });
  const live = openLive(target, concurrency, signal, undefined, timeoutMilliseconds);
  try {
    await versionOf(live.cluster, complain);
    const teller = new Progress(process.stdout);
    return await measureCluster({ live, given, modes, reach: sshOutside, say, teller });
  } finally {
    live.cluster.close();
  }
}
