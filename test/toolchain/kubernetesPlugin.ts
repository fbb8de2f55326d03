import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { moduleFolder } from "./moduleFolder.ts";
import { ownParts } from "./ownParts.ts";
import { buildTool, findTool } from "./tool.ts";

/** Name of the executable, as Pulumi's engine looks for it on PATH. */
const pluginProgram = "pulumi-resource-kubernetes";

const moduleName = "kubernetes-provider";
const own = fileURLToPath(new URL(`./${moduleName}`, import.meta.url));
const sdk = "github.com/pulumi/pulumi-kubernetes/sdk/v4";

const pin = pinned({
  program: pluginProgram,
  packagePath: "calico-ebpf-eks/toolchain/kubernetes-provider",
  module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
  moduleFolder: own,
  sources: ["main.go", "kinds.go.txt"],
  prepare: withSmallSdk,
});

/**
 * Lets the plugin be built without the thousand kinds of its SDK, which only name what is registered: ten minutes less on
 * two cores, and half the size.
 */
async function withSmallSdk(folder: string, env: Environment): Promise<void> {
  const { folder: whole } = await moduleFolder({ module: sdk, pinnedIn: moduleName, what: "the SDK" }, env);
  const small = join(folder, "sdk");
  const packages = join("go", "kubernetes");
  for (const name of [
    "go.mod",
    "go.sum",
    ...["utilities", "helm/v4", "yaml/v2"].map((one) => join(packages, one)),
  ]) {
    await cp(join(whole, name), join(small, name), { recursive: true });
  }
  const inPackage = (await readdir(join(whole, packages))).filter((name) => name.endsWith(".go"));
  for (const name of inPackage) await cp(join(whole, packages, name), join(small, packages, name));
  // Go's cache is read-only, and its copies are.
  const kinds = join(small, packages, "yaml", "v2", "kinds.go");
  await rm(kinds);
  await cp(join(own, "kinds.go.txt"), kinds);
  for (const name of ["go.sum", "main.go"]) await cp(join(own, name), join(folder, name));
  const mod = await readFile(join(own, "go.mod"), "utf8");
  await writeFile(join(folder, "go.mod"), `${mod}\nreplace ${sdk} => ./sdk\n`);
}

// A plugin on PATH is found by its name alone: a release's own has no --version to ask for.
const place = () => ({ env: { ...ownEnvironment(), PATH: "", KUBEBUILDER_ASSETS: "" } });

/** Folder of the real plugin of the kubernetes provider, where it is already; undefined: it is not. */
export async function presentKubernetesPlugin(): Promise<string | undefined> {
  const { pluginFolder } = ownParts();
  if (pluginFolder !== undefined) return pluginFolder;
  const found = await findTool(pin, place());
  return "tool" in found ? dirname(found.tool.file) : undefined;
}

/**
 * Folder of the real plugin of the kubernetes provider: from PATH, Pulumi's plugins or the cache, else built from its Go
 * module, once, in some minutes.
 * @throws UserError when it cannot be built
 */
export async function kubernetesPlugin(say: (line: string) => void): Promise<string> {
  const present = await presentKubernetesPlugin();
  if (present !== undefined) return present;
  const built = await buildTool(pin, { env: ownEnvironment() }, { say });
  if ("tool" in built) return dirname(built.tool.file);
  throw new UserError(
    `--kubernetes real needs Pulumi's kubernetes plugin, and building it failed: ${built.reason}. Put ${pluginProgram} on PATH, or install Go >= ${pin.goVersion}: https://go.dev/doc/install`,
  );
}
