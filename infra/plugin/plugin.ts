import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { EbpfCluster, type EbpfClusterArgs, ebpfClusterType } from "../ebpfCluster.ts";
import { outputNames, packageSchema } from "./packageSchema.ts";

/** Version of the package, of which the schema and the plugin speak. */
export const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"),
) as { readonly version: string };

/** The plugin by which programs in any language create an EbpfCluster. */
export const plugin: pulumi.provider.Provider = {
  version,
  schema: JSON.stringify(packageSchema(version)),
  async construct(name, type, inputs, options) {
    if (type !== ebpfClusterType)
      throw new Error(`unknown resource type ${type}; there is ${ebpfClusterType}`);
    const cluster = new EbpfCluster(name, inputs as unknown as EbpfClusterArgs, options);
    return {
      urn: cluster.urn,
      state: Object.fromEntries(outputNames.map((output) => [output, cluster[output]])),
    };
  },
};

/** Serves the plugin to the engine that started this process, until that ends it. */
export function servePlugin(args: string[]): Promise<void> {
  return pulumi.provider.main(plugin, args);
}
