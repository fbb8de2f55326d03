import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { buildTool, findTool } from "./tool.ts";

const pin = pinned({
  program: "kubectl",
  packagePath: "k8s.io/kubernetes/cmd/kubectl",
  module: "k8s.io/kubernetes",
  moduleFolder: fileURLToPath(new URL("./kubectl", import.meta.url)),
  versionSymbol: "k8s.io/component-base/version.gitVersion",
  versionArguments: ["version", "--client"],
  flags: ["-trimpath"],
});

/**
 * Gets kubectl: of any version from PATH, else of the rehearsal's Kubernetes version from the cache or built from its Go module, once, in two
 * minutes.
 * @param say receives a line of progress at a time, while it is built
 * @returns path of the executable
 * @throws UserError when it cannot be built
 */
export async function kubectl(say: (line: string) => void): Promise<string> {
  const place = { env: ownEnvironment() };
  const found = await findTool(pin, place);
  const tool = "reason" in found ? await buildTool(pin, place, { say }) : found;
  if ("reason" in tool) {
    throw new UserError(
      `kubectl ${pin.version} could not be built: ${tool.reason}. It takes Go ${pin.goVersion}.`,
    );
  }
  return tool.tool.file;
}
