import { join } from "node:path";
import type { Settings } from "../../components/settings/settings.ts";
import { kinds } from "../../infra/commands/measure/measurements.ts";
import { report as measureReport } from "../../infra/commands/measure/report.ts";
import { type Surroundings, wrapped } from "../../infra/commands/shared/arguments.ts";
import { stopLeftovers } from "../../infra/commands/shared/ending.ts";
import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { reasonOf, refuseTemporaryFolder } from "../../infra/commands/shared/errors.ts";
import { Progress } from "../../infra/commands/shared/progress.ts";
import { runProcess } from "../../infra/commands/shared/runCommand.ts";
import { readStackFile } from "../../infra/commands/shared/stackFile.ts";
import { allSettings, changedStackFile } from "../../infra/commands/shared/stackSettings.ts";
import { program } from "../../infra/program.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { rehearseChange } from "./changes/rehearseChange.ts";
import { clientOf } from "./client.ts";
import { faultReport } from "./faults/report.ts";
import { hasFaults, runFaults } from "./faults/runFaults.ts";
import { grownStackFile } from "./grownStackFile.ts";
import { labParts } from "./labParts.ts";
import { rehearse as rehearseCommand } from "./options.ts";
import { realParts } from "./realParts.ts";
import type { Rehearsal, Up } from "./rehearsal.ts";
import { rehearse } from "./rehearse.ts";
import { report } from "./report.ts";
import { dataOf, dataOfFailure } from "./reports/dataOf.ts";
import { refuseUnwritable, writeReport } from "./reports/files.ts";
import { type Origins, partsWith } from "./reports/parts.ts";
import { beginRun } from "./runFolder.ts";
import { measureUp } from "./verified/measureUp.ts";
import { verifyUp } from "./verified/verifyUp.ts";

type Say = (line: string) => void;

/** Runs `npm run rehearse`. Returns the exit code. */
async function run(argv: readonly string[], { root, say, complain }: Surroundings): Promise<number> {
  const given = parseArguments(argv);
  refuseTemporaryFolder();
  const stopped = await stopLeftovers();
  if (stopped > 0) say(`Stopped ${stopped} processes left by an earlier run.`);
  beginRun(complain);
  const { stack, until } = given;
  const stackFile = "file" in stack ? stack.file : join("stacks", `Pulumi.${stack.stack}.yaml`);
  refuseUnwritable(given, "file" in stack ? stackFile : join(root, stackFile));
  let rehearsed: Rehearsed;
  try {
    rehearsed = hasFaults(given) ? await runWithFaults(given, root, say) : await runStages(given, root, say);
  } catch (error) {
    // Readers of only the file, in a pull request, must see this too.
    writeReport(given, dataOfFailure(reasonOf(error), { stackFile, until, parts: partsWith({}) }));
    throw error;
  }
  const { rehearsal, origins, text } = rehearsed;
  say(`\n${text}`);
  writeReport(given, dataOf(rehearsal, { stackFile, until, parts: partsWith(origins) }));
  return rehearsal.problems.length === 0 ? 0 : 1;
}

interface Rehearsed {
  readonly rehearsal: Rehearsal;
  readonly origins: Origins;
  /** The report for the terminal. */
  readonly text: string;
}

async function runWithFaults(given: Arguments, root: string, say: Say): Promise<Rehearsed> {
  const { rehearsal, origins } = await runFaults(given, root, say);
  return { rehearsal, origins, text: faultReport(rehearsal) };
}

async function runStages(given: Arguments, root: string, say: Say): Promise<Rehearsed> {
  const { stack, nodes, until, kubernetes, change, verify, client } = given;
  const tell = (line: string) => say(wrapped(line, "", "  ").join("\n"));
  const stackFile = grownStackFile(readStackFile(stack, root), nodes);
  const changed = change === undefined ? undefined : changedStackFile(stackFile, change, root);
  const [settings, to] = allSettings(stackFile, changed);
  tell(`Rehearsing ${changed?.file ?? stackFile.file} on a simulated AWS; nothing leaves this machine.`);
  sayClient(settings, client ?? clientOf(settings), tell);
  const { command, origin } = await pulumiCli({ say });
  tell(`Engine: ${origin}`);
  const measures = given.measure !== undefined;
  const lab =
    given.dataPath === "real" ? await labParts(settings, given.calicoFiles, say, measures) : undefined;
  const real =
    kubernetes === "real" ? await realParts(settings.calico.version, lab !== undefined, say) : undefined;

  const progress = new Progress(process.stdout);
  const options = {
    program,
    command,
    root,
    config: stackFile.config,
    progress,
    ...(client === undefined ? {} : { world: { client } }),
    ...(real === undefined ? {} : { realKubernetes: { ...real.parts, ...(lab && { lab }) } }),
    ...(verify ? { onUp: (up: Up) => verifyUp(up, { stack: settings.stack, root, say }) } : {}),
    ...(given.measure === undefined
      ? {}
      : { onUp: (up: Up) => measured(up, { settings, config: stackFile.config, given, root, say }) }),
  };
  const rehearsal =
    changed === undefined || to === undefined
      ? await rehearse({ ...options, settings, until })
      : await rehearseChange({ ...options, change: { from: settings, to }, changedConfig: changed.config });
  return { rehearsal, origins: { engine: origin, ...real?.origins }, text: report(rehearsal) };
}

interface MeasureOptions extends Pick<Surroundings, "root" | "say"> {
  readonly settings: Settings;
  readonly config: Readonly<Record<string, unknown>>;
  readonly given: Arguments;
}

/** Short runs: what one machine shows does not change with their length. */
const measuring = { only: [...kinds], repeats: 6, seconds: 1, services: [1, 1000, 5000] };

/** Measures, and says what came of it. */
async function measured(up: Up, { settings, config, given, root, say }: MeasureOptions): Promise<string[]> {
  const { stack, calico, kubeProxy } = settings;
  const { dataplane, externalService } = calico;
  const home = { dataplane, externalService, kubeProxy };
  const modes = given.measure ?? [];
  say(`\n${measureReport(await measureUp(up, { stack, root, config, home, modes, given: measuring, say }))}`);
  return [];
}

/** With a private endpoint only, states what the rehearsal assumes. */
function sayClient({ cluster, network }: Settings, client: string, say: Say): void {
  if (cluster.publicAccessCidrs.length > 0) return;
  const vpc = network.existing?.vpcId ?? "the VPC that this stack creates";
  say(`Pulumi runs at ${client}, on a network that is assumed to be connected to ${vpc}.`);
}

runProcess({ ...rehearseCommand, run }, process.argv.slice(2));
