import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takesExisting } from "../../../components/checks/existing/readSettings.ts";
import { ownEnvironment } from "../shared/engine/environment.ts";
import { execute } from "../shared/engine/process.ts";
import { pulumiCli } from "../shared/engine/pulumiCli.ts";
import { UserError } from "../shared/errors.ts";
import { readStackFile, readWholeStackFile, type StackFile, stackFileText } from "../shared/stackFile.ts";
import { allSettings, changedStackFile, originOf, stackSettings } from "../shared/stackSettings.ts";
import { ModeSwitch, type StackRunner } from "./modeSwitch.ts";
import { type ModeName, type ModeSettings, settingsIn } from "./schedule.ts";

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

/**
 * Makes sure, before the start, that the stack's rules allow every mode.
 * @throws UserError with every problem of the first mode that they refuse
 */
export function refuseModes(
  stackFile: StackFile,
  home: ModeSettings,
  modes: readonly ModeName[],
  root: string,
): void {
  for (const mode of modes) {
    const { dataplane, externalService, kubeProxy } = settingsIn(mode, home);
    const set = [
      `calico.dataplane=${dataplane}`,
      `calico.externalService=${externalService}`,
      `kubeProxy=${kubeProxy}`,
    ];
    try {
      allSettings(stackFile, changedStackFile(stackFile, { set }, root));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`--modes: the rules of the stack refuse ${mode}.\n${error.message}`);
    }
  }
}

const namespace = "calico-ebpf-eks";

/** A stack of this project, run like `pulumi up`. The stack file and the selected stack do not change. */
export class PulumiStack implements StackRunner {
  readonly #name: string;
  readonly #root: string;
  readonly #pulumi: string;

  /**
   * @param pulumi the CLI's executable
   * @param root folder of the project
   */
  constructor(name: string, pulumi: string, root: string) {
    this.#name = name;
    this.#pulumi = pulumi;
    this.#root = root;
  }

  async pending(): Promise<string | undefined> {
    const outcome = await this.#run("preview", "--expect-no-changes");
    return outcome.ok ? undefined : outcome.reason;
  }

  async up(settings: ModeSettings | undefined): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "calico-ebpf-eks-"));
    try {
      const options = settings === undefined ? [] : ["--config-file", this.#changedFile(folder, settings)];
      const outcome = await this.#run("up", "--yes", "--skip-preview", ...options);
      if (!outcome.ok) throw new UserError(`pulumi up --stack ${this.#name} ${outcome.reason}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** A copy of the stack file with other settings; encrypted values stay encrypted. */
  #changedFile(folder: string, { dataplane, externalService, kubeProxy }: ModeSettings): string {
    const name = `Pulumi.${this.#name}.yaml`;
    const contents = readWholeStackFile(this.#name, this.#root);
    const calico = contents.config[`${namespace}:calico`] ?? {};
    const config = {
      ...contents.config,
      [`${namespace}:calico`]: { ...calico, dataplane, externalService },
      [`${namespace}:kubeProxy`]: kubeProxy,
    };
    const file = join(folder, name);
    writeFileSync(file, stackFileText({ ...contents, config }), { mode: 0o600 });
    return file;
  }

  #run(operation: string, ...options: readonly string[]) {
    const args = [operation, "--stack", this.#name, "--non-interactive", "--color", "never", ...options];
    return execute(this.#pulumi, args, { env: ownEnvironment(), folder: this.#root });
  }
}

/**
 * Makes sure that a stack's modes may be switched: its rules allow them, and it matches its file.
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
      `--modes: a switch would also deploy other pending changes of stack ${stack} (pulumi preview --expect-no-changes ${pending}). Run npx pulumi up first.`,
    );
  }
  return new ModeSwitch(home, runner);
}
