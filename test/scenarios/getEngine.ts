import { pulumiCli } from "../../infra/commands/shared/engine/pulumiCli.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { fortioFile } from "../toolchain/fortio.ts";

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Gets what is built once, before any test of the project runs, with progress if it takes long. */
export async function setup(): Promise<void> {
  const { origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  try {
    await fortioFile(say);
  } catch (error) {
    // The tests that need it say themselves that they are skipped.
    if (!(error instanceof UserError)) throw error;
    say(error.message);
  }
}
