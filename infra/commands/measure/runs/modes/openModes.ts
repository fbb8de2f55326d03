import { pulumiCli } from "../../../shared/engine/pulumiCli.ts";
import { UserError } from "../../../shared/errors.ts";
import { readStackFile } from "../../../shared/stackFile.ts";
import type { ModeName } from "../../plan/modes.ts";
import { ModeSwitch } from "./modeSwitch.ts";
import { PulumiStack } from "./pulumiStack.ts";
import { homeSettings, refuseModes } from "./stackModes.ts";

/**
 * Makes sure that a stack's modes may be switched: its rules allow them, and it is what its file says.
 * @param root folder of the project
 * @throws UserError that says why not, before anything is changed
 */
export async function openModes(
  stack: string,
  modes: readonly ModeName[],
  root: string,
  say: (line: string) => void,
): Promise<ModeSwitch> {
  const stackFile = readStackFile({ stack }, root);
  const home = homeSettings(stackFile);
  refuseModes(stackFile, home, modes, root);
  const { command, origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  const runner = new PulumiStack(stack, command.command, root);
  const pending = await runner.pending();
  if (pending !== undefined) {
    throw new UserError(
      `--modes: a switch would also deploy what else is not deployed of stack ${stack} (pulumi preview --expect-no-changes ${pending}). Run npx pulumi up first.`,
    );
  }
  return new ModeSwitch(home, runner);
}
