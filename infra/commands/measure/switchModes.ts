import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { ownEnvironment } from "../shared/engine/environment.ts";
import { execute } from "../shared/engine/process.ts";
import { pulumiCli } from "../shared/engine/pulumiCli.ts";
import { UserError } from "../shared/errors.ts";
import {
  readStackFile,
  readWholeStackFile,
  type StackFile,
  type StackFileContents,
  stackFileText,
} from "../shared/stackFile.ts";
import { originOf, stackSettings } from "../shared/stackSettings.ts";
import { type ModeName, type ModeSettings, ModeSwitch, settingsIn } from "./modes.ts";

/**
 * A stack's mode from its file.
 * @throws UserError with every problem of the file
 */
export function homeSettings(stackFile: StackFile): ModeSettings {
  if (takesExisting(originOf(stackFile))) {
    throw new UserError(
      `--modes: ${stackFile.file} adopts an existing cluster, whose mode is not switched for a measurement. Omit --modes.`,
    );
  }
  const { calico, kubeProxy } = stackSettings(stackFile);
  return { dataplane: calico.dataplane, externalService: calico.externalService, kubeProxy };
}

const namespace = "calico-ebpf-eks";

/** A stack of this project in a folder, and the CLI's executable. */
export type PulumiStack = Readonly<Record<"name" | "pulumi" | "root", string>>;

/**
 * Runs an operation as a user does. The stack file is not touched, nor the chosen stack.
 * @param mode in place of the stack file's own, in a copy of it, where encrypted values stay encrypted
 * @throws UserError that ends with the CLI's own reason
 */
export async function runStack(
  { name, root, pulumi }: PulumiStack,
  [operation = "", ...flags]: readonly string[],
  mode: ModeSettings | undefined,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "calico-ebpf-eks-"));
  try {
    const words = [operation, "--stack", name, "--non-interactive", "--color", "never", ...flags];
    if (mode !== undefined) {
      const file = join(folder, `Pulumi.${name}.yaml`);
      writeFileSync(file, changed(readWholeStackFile(name, root), mode), { mode: 0o600 });
      words.push("--config-file", file);
    }
    const outcome = await execute(pulumi, words, { env: ownEnvironment(), folder: root });
    if (!outcome.ok) throw new UserError(`pulumi ${operation} --stack ${name} ${outcome.reason}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function changed(contents: StackFileContents, { kubeProxy, ...mode }: ModeSettings): string {
  const calico = { ...(contents.config[`${namespace}:calico`] ?? {}), ...mode };
  const own = { [`${namespace}:calico`]: calico, [`${namespace}:kubeProxy`]: kubeProxy };
  return stackFileText({ ...contents, config: { ...contents.config, ...own } });
}

/**
 * Makes sure that a stack's modes may be switched: it is what its file says, and its rules allow each mode.
 * @param root folder of the project
 * @throws UserError that says why not, before anything is changed
 */
export async function openModes(
  name: string,
  modes: readonly ModeName[],
  root: string,
  say: (line: string) => void,
): Promise<ModeSwitch> {
  const home = homeSettings(readStackFile({ stack: name }, root));
  const { command, origin } = await pulumiCli({ say });
  say(`Engine: ${origin}`);
  const stack = { name, root, pulumi: command.command };
  // What is not deployed would be deployed by a switch, too.
  await runStack(stack, ["preview", "--expect-no-changes"], undefined);
  for (const mode of modes) await runStack(stack, ["preview"], settingsIn(mode, home));
  return new ModeSwitch(home, (settings) => runStack(stack, ["up", "--yes", "--skip-preview"], settings));
}
