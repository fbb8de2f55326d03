import { join } from "node:path";
import { program } from "../../infra/program.ts";
import { parseArguments, usage } from "./arguments.ts";
import { pulumiCli } from "./cli/pulumiCli.ts";
import { hasFaults, runFaults } from "./faults/runFaults.ts";
import { Progress } from "./progress.ts";
import { stopLeftovers } from "./realKubernetes/processes.ts";
import { rehearse } from "./rehearse.ts";
import { report } from "./report.ts";
import { readStackFile } from "./stackFile.ts";
import { stackSettings } from "./stackSettings.ts";
import { calicoCrds } from "./tools/calicoCrds.ts";
import { kubernetesTools } from "./tools/kubernetesTools.ts";
import { UserError } from "./userError.ts";

const root = join(import.meta.dirname, "..", "..");

/** Runs `npm run rehearse`. Returns the exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  const given = parseArguments(argv);
  const { help, stack, until, kubernetes } = given;
  if (help) {
    say(usage());
    return 0;
  }
  if (hasFaults(given)) return runFaults(given, root, say);
  const stackFile = readStackFile(stack, root);
  const settings = stackSettings(stackFile);
  say(`Rehearsing ${stackFile.file} on a simulated AWS; nothing leaves this machine.`);
  const { command, origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  const realKubernetes = kubernetes === "real" ? await realParts(say) : undefined;

  const progress = new Progress(process.stdout);
  const { config } = stackFile;
  const rehearsal = await rehearse({
    program,
    command,
    root,
    settings,
    config,
    until,
    progress,
    ...(realKubernetes === undefined ? {} : { realKubernetes }),
  });
  say(`\n${report(rehearsal)}`);
  return rehearsal.problems.length === 0 ? 0 : 1;
}

/** Gets what a real control plane is made of, and says what it is. */
async function realParts(say: (line: string) => void) {
  const stopped = await stopLeftovers();
  if (stopped > 0) say(`Stopped ${stopped} processes that an earlier run had left.`);
  const tools = await kubernetesTools({ say });
  say(`Kubernetes: ${tools.description}; real, with fake nodes`);
  const { crds, version } = await calicoCrds();
  say(`Calico: the CRDs of tigera/operator ${version}; real. The operator and Felix: stand-ins`);
  return { tools, crds };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
