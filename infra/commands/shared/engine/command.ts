import { createRequire } from "node:module";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { Cli } from "./inspect.ts";

/** A version as the Automation API takes it. */
export type Version = NonNullable<PulumiCommand["version"]>;

// The copy of semver that the Automation API itself uses, because it asks for that one's class.
const own = createRequire(import.meta.url);
const sdk = createRequire(own.resolve("@pulumi/pulumi/automation/index.js"));
const { SemVer } = sdk("semver") as { SemVer: new (version: string) => Version };

export function parseVersion(version: string): Version {
  return new SemVer(version);
}

/**
 * The Automation API's command for exactly this executable.
 *
 * `PulumiCommand.get` knows `<root>/bin/pulumi`, or whichever is first on PATH: in an npm script that is the npm
 * package's downloader. Hence its constructor, which is private in the types only.
 */
export function commandFor({ file, version }: Cli): PulumiCommand {
  return Reflect.construct(PulumiCommand, [file, parseVersion(version)]);
}
