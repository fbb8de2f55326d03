import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { logOf, type Maker } from "./cache.ts";
import type { Environment } from "./environment.ts";
import { execute } from "./execute.ts";
import type { Buildable } from "./pinned.ts";

const linesShown = 10;

/** How far a build is, counted from what Go prints. */
export interface BuildCount {
  modules: number;
  packages: number;
}

/**
 * Builds with Go from the pinned modules. What Go prints goes to a log beside the folder, which stays when the
 * build fails.
 * @param count is kept up to date while the build runs
 */
export function building(
  { program, packagePath, buildFlags, moduleFolder, prepare }: Buildable,
  env: Environment,
  count: BuildCount,
): Maker {
  return async (folder) => {
    const logFile = logOf(folder);
    const log = createWriteStream(logFile);
    // Without room for it, the build fails as well, and says so.
    log.on("error", () => {});
    const target = join(folder, "bin", program);
    const prepared = join(folder, "module");
    if (prepare !== undefined) {
      await mkdir(prepared);
      await prepare(prepared, env);
    }
    const outcome = await execute("go", ["build", "-v", ...buildFlags, "-o", target, packagePath], {
      // A workspace around this repository, or cgo without a C compiler, must not change the result.
      env: { ...env, CGO_ENABLED: "0", GOWORK: "off" },
      folder: prepare === undefined ? moduleFolder : prepared,
      onErrorText: (text) => {
        log.write(text);
        countLines(text, count);
      },
    });
    await rm(prepared, { recursive: true, force: true });
    log.end();
    await finished(log).catch(() => {});
    if (!outcome.ok) return failure(outcome.reason, logFile);
    await rm(logFile, { force: true });
    return undefined;
  };
}

function countLines(text: string, count: BuildCount): void {
  for (const line of text.split("\n")) {
    if (line.startsWith("go: downloading ")) count.modules++;
    else if (/^[\w.-]+(\/|$)/.test(line)) count.packages++;
  }
}

async function failure(reason: string, logFile: string): Promise<string> {
  const lines = (await readFile(logFile, "utf8").catch(() => "")).trimEnd().split("\n").slice(-linesShown);
  if (lines.join("") === "") {
    await rm(logFile, { force: true });
    return `go ${reason}`;
  }
  const [end] = reason.split(":");
  return [`go ${end}; its last words, of ${logFile}:`, ...lines.map((line) => `    ${line}`)].join("\n");
}
