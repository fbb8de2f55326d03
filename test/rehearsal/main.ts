import { join } from "node:path";
import { inspect } from "node:util";
import { program } from "../../infra/program.ts";
import { type Arguments, parseArguments, usage } from "./arguments.ts";
import { changedStackFile } from "./changes/changedStackFile.ts";
import { rehearseChange } from "./changes/rehearseChange.ts";
import { pulumiCli } from "./cli/pulumiCli.ts";
import { faultReport } from "./faults/report.ts";
import { hasFaults, runFaults } from "./faults/runFaults.ts";
import { grownStackFile } from "./grownStackFile.ts";
import { labParts } from "./labParts.ts";
import { stopLeftovers } from "./leftovers.ts";
import { Progress } from "./progress.ts";
import { realParts } from "./realParts.ts";
import { type Rehearsal, rehearse, type Up } from "./rehearse.ts";
import { report } from "./report.ts";
import { dataOf, dataOfFailure } from "./reports/dataOf.ts";
import { refuseUnwritable, writeReport } from "./reports/files.ts";
import { type Origins, partsWith } from "./reports/parts.ts";
import { beginRun } from "./runFolder.ts";
import { readStackFile } from "./stackFile.ts";
import { allSettings } from "./stackSettings.ts";
import { systemProblem } from "./systemErrors.ts";
import { UserError } from "./userError.ts";
import { verifyUp } from "./verified/verifyUp.ts";

const root = join(import.meta.dirname, "..", "..");

type Say = (line: string) => void;

/** Runs `npm run rehearse`. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const say: Say = (text) => void process.stdout.write(`${text}\n`);
  const given = parseArguments(argv);
  if (given.help) {
    say(usage());
    return 0;
  }
  const stopped = await stopLeftovers();
  if (stopped > 0) say(`Stopped ${stopped} processes that an earlier run had left.`);
  beginRun(complain);
  const { stack, until } = given;
  const stackFile = "file" in stack ? stack.file : join("stacks", `Pulumi.${stack.stack}.yaml`);
  refuseUnwritable(given, "file" in stack ? stackFile : join(root, stackFile));
  let rehearsed: Rehearsed;
  try {
    rehearsed = hasFaults(given) ? await runWithFaults(given, say) : await run(given, say);
  } catch (error) {
    // Whoever reads only the file, in a pull request, has to see this too.
    const problem = error instanceof Error ? error.message : String(error);
    writeReport(given, dataOfFailure(problem, { stackFile, until, parts: partsWith({}) }));
    throw error;
  }
  const { rehearsal, origins, told } = rehearsed;
  say(`\n${told}`);
  writeReport(given, dataOf(rehearsal, { stackFile, until, parts: partsWith(origins) }));
  return rehearsal.problems.length === 0 ? 0 : 1;
}

interface Rehearsed {
  readonly rehearsal: Rehearsal;
  readonly origins: Origins;
  /** The report for the terminal. */
  readonly told: string;
}

async function runWithFaults(given: Arguments, say: Say): Promise<Rehearsed> {
  const { rehearsal, origins } = await runFaults(given, root, say);
  return { rehearsal, origins, told: faultReport(rehearsal) };
}

async function run(given: Arguments, say: Say): Promise<Rehearsed> {
  const { stack, nodes, until, kubernetes, change, verify } = given;
  const stackFile = grownStackFile(readStackFile(stack, root), nodes);
  const changed = change === undefined ? undefined : changedStackFile(stackFile, change, root);
  const [settings, to] = allSettings(stackFile, changed);
  say(`Rehearsing ${changed?.file ?? stackFile.file} on a simulated AWS; nothing leaves this machine.`);
  const { command, origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  const lab = given.dataPath === "real" ? await labParts(settings, given.calicoFiles, say) : undefined;
  const real = kubernetes === "real" ? await realParts(settings.calico.version, say) : undefined;

  const progress = new Progress(process.stdout);
  const options = {
    program,
    command,
    root,
    config: stackFile.config,
    progress,
    ...(real === undefined ? {} : { realKubernetes: { ...real.parts, ...(lab && { lab }) } }),
    ...(verify ? { onUp: (up: Up) => verifyUp(up, { stack: settings.stack, root, say }) } : {}),
  };
  const rehearsal =
    changed === undefined || to === undefined
      ? await rehearse({ ...options, settings, until })
      : await rehearseChange({ ...options, change: { from: settings, to }, changedConfig: changed.config });
  return { rehearsal, origins: { engine: origin, ...real?.origins }, told: report(rehearsal) };
}

function complain(line: string): void {
  const eraseLine = process.stdout.isTTY ? "\r\u001b[2K" : "";
  process.stderr.write(`${eraseLine}${line}\n`);
}

/** Whatever is the user's to mend is said in a line; anything else is a mistake in here, and shows where. */
function fail(error: unknown): never {
  const problem = error instanceof UserError ? error.message : systemProblem(error);
  complain(problem ?? inspect(error));
  // Thrown on, it would end the process without what its end still has to remove.
  process.exit(1);
}

process.once("uncaughtException", fail);
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
}, fail);
