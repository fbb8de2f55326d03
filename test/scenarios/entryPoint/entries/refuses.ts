// biome-ignore-all lint/style/noDefaultExport: the language host runs the default export
import * as pulumi from "@pulumi/pulumi";

/** An entry point that finds its settings wrong. */
const refuse = async () => {
  throw new pulumi.RunError("1 problem in the settings\n  network: none");
};

export { refuse as default };
