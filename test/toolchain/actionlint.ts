import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { buildTool, findTool } from "./tool.ts";

const pin = pinned({
  program: "actionlint",
  packagePath: "github.com/rhysd/actionlint/cmd/actionlint",
  module: "github.com/rhysd/actionlint",
  moduleFolder: fileURLToPath(new URL("./actionlint", import.meta.url)),
  flags: ["-trimpath"],
});

/**
 * Gets the checker of GitHub's workflows: from PATH or the cache, else built from its Go module in some seconds.
 * @param say receives a line of progress at a time, while it is built
 * @returns path of the executable
 * @throws UserError when it cannot be built
 */
export async function actionlint(say: (line: string) => void): Promise<string> {
  const place = { env: ownEnvironment() };
  const found = await findTool(pin, place);
  const tool = "reason" in found ? await buildTool(pin, place, { say }) : found;
  if ("reason" in tool) {
    throw new UserError(
      `actionlint ${pin.version} could not be built: ${tool.reason}. It takes Go ${pin.goVersion}.`,
    );
  }
  return tool.tool.file;
}
