import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";

const plugin = "pulumi-resource-kubernetes";

/** Real parts on this machine, instead of fakes. */
export interface OwnParts {
  /** Folder of the kubernetes provider's plugin. */
  readonly pluginFolder?: string;
  /** The Tigera operator's executable. */
  readonly operatorFile?: string;
}

/**
 * Looks for the kubernetes provider's plugin on PATH and in Pulumi's plugin cache, and for the operator that
 * TIGERA_OPERATOR names.
 * @throws UserError when TIGERA_OPERATOR names no executable
 */
export function ownParts(env: Environment = ownEnvironment()): OwnParts {
  const { PATH: path = "", TIGERA_OPERATOR: operatorFile = "" } = env;
  const folders = [...path.split(delimiter).filter(isAbsolute), ...cachedPlugins(env)];
  const pluginFolder = folders.find((folder) => existsSync(join(folder, plugin)));
  if (operatorFile !== "" && !isExecutable(operatorFile)) {
    throw new UserError(`TIGERA_OPERATOR: ${operatorFile} is not an executable file.`);
  }
  return {
    ...(pluginFolder === undefined ? {} : { pluginFolder }),
    ...(operatorFile === "" ? {} : { operatorFile }),
  };
}

/** Newest first. */
function cachedPlugins({ PULUMI_HOME: home, HOME: userHome = homedir() }: Environment): string[] {
  const folder = join(home ?? join(userHome, ".pulumi"), "plugins");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^resource-kubernetes-v\d+(\.\d+)*$/.test(name))
    .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))
    .map((name) => join(folder, name));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return isAbsolute(file);
  } catch {
    return false;
  }
}
