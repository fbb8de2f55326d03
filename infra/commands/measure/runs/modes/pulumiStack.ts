import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownEnvironment } from "../../../shared/engine/environment.ts";
import { execute } from "../../../shared/engine/process.ts";
import { UserError } from "../../../shared/errors.ts";
import { readWholeStackFile, stackFileText } from "../../../shared/stackFile.ts";
import type { ModeSettings } from "../../plan/modes.ts";
import type { StackRunner } from "./modeSwitch.ts";

const namespace = "calico-ebpf-eks";

/** A stack of this project, run as `pulumi up` runs it. The stack file is not touched, nor the chosen stack. */
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

  /** A copy of the stack file with other settings; what is encrypted in it stays so. */
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
