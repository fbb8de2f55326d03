import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { type Pinned, pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { buildTool, findTool } from "./tool.ts";

/** fortio, as the tests run it; the release is that of the image that is used in a cluster. */
export const fortioPin: Pinned = pinned({
  program: "fortio",
  packagePath: "fortio.org/fortio",
  module: "fortio.org/fortio",
  moduleFolder: fileURLToPath(new URL("./fortio", import.meta.url)),
  flags: ["-trimpath"],
  versionArguments: ["version"],
});

/** Path of fortio's executable, where it is already; undefined: it is not. */
export async function presentFortio(): Promise<string | undefined> {
  const found = await findTool(fortioPin, { env: ownEnvironment() });
  return "tool" in found ? found.tool.file : undefined;
}

/**
 * Path of fortio's executable: from PATH or the cache, else built from Go modules, in half a minute, once.
 * @throws UserError when it is not there and cannot be built
 */
export async function fortioFile(say: (line: string) => void): Promise<string> {
  const present = await presentFortio();
  if (present !== undefined) return present;
  const built = await buildTool(fortioPin, { env: ownEnvironment() }, { say });
  if ("tool" in built) return built.tool.file;
  throw new UserError(`fortio ${fortioPin.version} is not on PATH, and building it failed: ${built.reason}`);
}
