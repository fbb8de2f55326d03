import { fileURLToPath } from "node:url";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { buildTool, findTool } from "./tool.ts";

const pin = pinned({
  program: "promtool",
  packagePath: "github.com/prometheus/prometheus/cmd/promtool",
  module: "github.com/prometheus/prometheus",
  moduleFolder: fileURLToPath(new URL("./prometheus", import.meta.url)),
  versionSymbol: "github.com/prometheus/common/version.Version",
  // Without the many ways to discover targets, which no rule needs: a third of the packages.
  flags: ["-trimpath", "-tags", "remove_all_sd"],
});

/**
 * Gets Prometheus's own checker of rules: from PATH or the cache, else built from its Go module, once, in some minutes.
 * @param say receives a line of progress at a time, while it is built
 * @returns path of the executable
 * @throws UserError when it cannot be built
 */
export async function promtool(say: (line: string) => void): Promise<string> {
  const place = { env: ownEnvironment() };
  const found = await findTool(pin, place);
  const tool = "reason" in found ? await buildTool(pin, place, { say }) : found;
  if ("reason" in tool) {
    throw new UserError(
      `promtool ${pin.version} could not be built: ${tool.reason}. It takes Go ${pin.goVersion}.`,
    );
  }
  return tool.tool.file;
}
