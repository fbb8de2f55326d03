import { pulumiCli } from "../cli/pulumiCli.ts";

/** Gets the engine's CLI once, before any test of the project runs, with progress if it takes long. */
export async function setup(): Promise<void> {
  const { origin } = await pulumiCli({ say: (line) => void process.stdout.write(`${line}\n`) });
  process.stdout.write(`Engine: ${origin}\n`);
}
