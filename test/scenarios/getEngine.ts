import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Gets what is built once, before any test of the project runs, with progress if it takes long. */
export async function setup(): Promise<void> {
  const { origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
}
