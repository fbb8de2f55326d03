import { pulumiCli } from "../../../infra/commands/shared/engine/pulumiCli.ts";
import { Progress } from "../../../infra/commands/shared/progress.ts";
import { readStackFile } from "../../../infra/commands/shared/stackFile.ts";
import { stackSettings } from "../../../infra/commands/shared/stackSettings.ts";
import { program } from "../../../infra/program.ts";
import type { Arguments } from "../arguments.ts";
import { grownStackFile } from "../grownStackFile.ts";
import type { Origins } from "../reports/parts.ts";
import { type FaultyRehearsal, rehearseFaults } from "./rehearseFaults.ts";

/** Whether there are faults to inject. */
export function hasFaults({ faults, interruption }: Arguments): boolean {
  return faults.length > 0 || interruption !== undefined;
}

/** Runs `npm run rehearse` with faults. */
export async function runFaults(
  { stack, nodes, until, faults, interruption, client }: Arguments,
  root: string,
  say: (text: string) => void,
): Promise<{ rehearsal: FaultyRehearsal; origins: Origins }> {
  const stackFile = grownStackFile(readStackFile(stack, root), nodes);
  const settings = stackSettings(stackFile);
  say(`Rehearsing ${stackFile.file} on a simulated AWS with faults.`);
  const { command, origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  const { config } = stackFile;
  const progress = new Progress(process.stdout);
  const interrupted = interruption === undefined ? {} : { interruption };
  const place = client === undefined ? {} : { client };
  const stackOptions = { program, command, root, settings, config, until, progress };
  const options = { ...stackOptions, faults, ...interrupted, ...place };
  return { rehearsal: await rehearseFaults(options), origins: { engine: origin } };
}
