import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { parseVersion } from "./pulumiCli.ts";

const [version = "", root = ""] = process.argv.slice(2);
try {
  await PulumiCommand.install({ version: parseVersion(version), root });
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.replace(/\s+/g, " ")}\n`);
  process.exitCode = 1;
}
