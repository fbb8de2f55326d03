import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, normalize } from "node:path";
import type { Environment } from "./environment.ts";
import { type Attempt, inspect } from "./inspect.ts";
import type { PinnedCli } from "./pinned.ts";

/** The first fitting CLI on PATH; the reason tells of every one that did not fit. */
export async function cliOnPath(
  pinned: PinnedCli,
  env: Environment,
  timeoutSeconds?: number,
): Promise<Attempt> {
  const { PATH: path = "" } = env;
  const folders = new Set(path.split(delimiter).filter(isAbsolute).map(normalize));
  const reasons: string[] = [];
  for (const folder of folders) {
    const file = join(folder, "pulumi");
    if (!isExecutable(file)) continue;
    if (/[\\/]node_modules[\\/]\.bin[\\/]?$/.test(folder)) {
      reasons.push(`${file} is npm's, which only downloads one`);
      continue;
    }
    const attempt = await inspect(file, pinned, env, timeoutSeconds);
    if ("cli" in attempt) return attempt;
    reasons.push(attempt.reason);
  }
  return { reason: reasons.join("; ") || "has no pulumi" };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
