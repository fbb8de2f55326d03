import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { beginRun } from "../rehearsal/runFolder.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * Gets what is built once, before any test of the project runs, with progress if it takes long. Gives the tests a folder
 * for temporary files that ends with them: the kubernetes plugin leaves a kubeconfig each time it starts.
 */
export async function setup(): Promise<void> {
  const { origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  beginRun(say);
}
