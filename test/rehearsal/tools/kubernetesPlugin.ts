import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../cli/environment.ts";
import { pinned } from "../cli/pinned.ts";
import { UserError } from "../userError.ts";
import { ownParts } from "./ownParts.ts";
import { buildTool, findTool } from "./tool.ts";

/** Name of the executable, as Pulumi's engine looks for it on PATH. */
export const pluginProgram = "pulumi-resource-kubernetes";

const pin = pinned({
  program: pluginProgram,
  packagePath: "calico-ebpf-eks/toolchain/kubernetes-provider",
  module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
  moduleFolder: fileURLToPath(new URL("../../toolchain/kubernetes-provider", import.meta.url)),
  sources: ["main.go"],
  flags: ["-trimpath"],
});

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
