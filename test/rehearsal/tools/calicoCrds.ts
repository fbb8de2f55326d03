import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, ownEnvironment } from "../cli/environment.ts";
import { execute } from "../cli/execute.ts";
import { UserError } from "../userError.ts";

const moduleFolder = fileURLToPath(new URL("../../toolchain/calico", import.meta.url));
const module = "github.com/tigera/operator";

/** Folders of the module that hold the CRDs that the operator installs, in group crd.projectcalico.org. */
const folders = ["operator", "calico/v1.crd.projectcalico.org"];

export interface Crds {
  /** Each as YAML text. */
  readonly crds: readonly string[];
  /** The operator's: `v1.42.4`. */
  readonly version: string;
}

/** The custom resource definitions that the operator installs, read from its Go module. */
export async function calicoCrds(env: Environment = ownEnvironment()): Promise<Crds> {
  const outcome = await execute("go", ["mod", "download", "-json", module], {
    env: { ...env, GOWORK: "off" },
    folder: moduleFolder,
    timeoutSeconds: 300,
  });
  if (!outcome.ok) {
    throw new UserError(`--kubernetes real needs the CRDs in Go module ${module}: go ${outcome.reason}`);
  }
  const { Dir: folder, Version: version } = JSON.parse(outcome.output) as { Dir: string; Version: string };
  const files = folders.flatMap((name) => {
    const path = join(folder, "pkg", "imports", "crds", name);
    return readdirSync(path)
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => join(path, file));
  });
  return { version, crds: await Promise.all(files.map((file) => readFile(file, "utf8"))) };
}
