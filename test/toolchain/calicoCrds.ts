import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../infra/commands/shared/engine/environment.ts";
import { moduleFolder } from "./moduleFolder.ts";

/** Folders of the module that hold the CRDs that the operator installs, in group crd.projectcalico.org. */
const folders = ["operator", "calico/v1.crd.projectcalico.org"];

export interface Crds {
  /** Each as YAML text. */
  readonly crds: readonly string[];
  /** The operator's: `v1.42.4`. */
  readonly version: string;
}

/** The custom resource definitions that the operator installs, read from its Go module. */
export async function calicoCrds(env?: Environment): Promise<Crds> {
  const { folder, version } = await moduleFolder(
    { module: "github.com/tigera/operator", pinnedIn: "calico", what: "the CRDs" },
    env,
  );
  const files = folders.flatMap((name) => {
    const path = join(folder, "pkg", "imports", "crds", name);
    return readdirSync(path)
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => join(path, file));
  });
  return { version, crds: await Promise.all(files.map((file) => readFile(file, "utf8"))) };
}
