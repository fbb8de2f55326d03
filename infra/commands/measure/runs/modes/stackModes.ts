import { takesExisting } from "../../../../../components/checks/existing/readSettings.ts";
import { UserError } from "../../../shared/errors.ts";
import type { StackFile } from "../../../shared/stackFile.ts";
import { allSettings, changedStackFile, originOf, stackSettings } from "../../../shared/stackSettings.ts";
import { type ModeName, type ModeSettings, settingsIn } from "../../plan/modes.ts";

/**
 * What a stack's file says of its mode.
 * @throws UserError with every problem of the file
 */
export function homeSettings(stackFile: StackFile): ModeSettings {
  if (takesExisting(originOf(stackFile))) {
    throw new UserError(
      `--modes: ${stackFile.file} takes a cluster that is there, whose mode is not switched for a measurement. Leave --modes out.`,
    );
  }
  const { calico, kubeProxy } = stackSettings(stackFile);
  return { dataplane: calico.dataplane, externalService: calico.externalService, kubeProxy };
}

/**
 * Makes sure, before anything begins, that the stack's rules allow every mode.
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
