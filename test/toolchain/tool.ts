import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import {
  type BuildCount,
  building,
  type CachePlace,
  cached,
  fillCache,
  type Reason,
} from "../../infra/commands/shared/engine/build.ts";
import { type Environment, ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { defaultCacheFolder, type Pinned } from "../../infra/commands/shared/engine/pinned.ts";
import { execute } from "../../infra/commands/shared/engine/process.ts";
import { UserError } from "../../infra/commands/shared/errors.ts";
import { type Saying, whileSaying } from "../../infra/commands/shared/progress.ts";

/** An executable that answered. */
export interface Found {
  readonly file: string;
  /** Without a leading v where it says so, else the pinned one. */
  readonly version: string;
}

export interface FoundTool {
  readonly tool: Found;
}

export interface ToolPlace {
  readonly env: Environment;
  readonly cacheFolder?: string;
}

const answerSeconds = 20;

/**
 * Gets a tool: from PATH or the cache, else built from its Go module, once.
 * @param say receives a line of progress at a time, while it is built
 * @returns path of the executable
 * @throws UserError when it cannot be built
 */
export async function getTool(pin: Pinned, say: (line: string) => void): Promise<string> {
  const place = { env: ownEnvironment() };
  const found = await findTool(pin, place);
  const tool = "reason" in found ? await buildTool(pin, place, { say }) : found;
  if ("reason" in tool) {
    throw new UserError(
      `${pin.program} ${pin.version} could not be built: ${tool.reason}. It takes Go ${pin.goVersion}.`,
    );
  }
  return tool.tool.file;
}

/** Looks for a tool where it may be already: KUBEBUILDER_ASSETS, PATH, the cache. */
export async function findTool(pin: Pinned, place: ToolPlace): Promise<FoundTool | Reason> {
  const { PATH: path = "", KUBEBUILDER_ASSETS: assets = "" } = place.env;
  const reasons: string[] = [];
  for (const folder of [assets, ...path.split(delimiter)].filter(isAbsolute)) {
    const file = join(folder, pin.program);
    if (!existsSync(file)) continue;
    const found = await inspect(file, pin, place.env);
    if (!("reason" in found)) return found;
    reasons.push(found.reason);
  }
  const inCache = await cached(cachePlace(pin, place));
  if (!("reason" in inCache)) return inCache;
  return { reason: [...reasons, inCache.reason].join("; ") };
}

/** Builds a tool from its Go module into the cache, and tells how far it is. */
export function buildTool(pin: Pinned, place: ToolPlace, saying: Saying): Promise<FoundTool | Reason> {
  const count: BuildCount = { modules: 0, packages: 0 };
  const line = (elapsed: string) =>
    `building ${pin.program} ${pin.version} from Go modules: ${elapsed}, ${count.modules} modules fetched, ${count.packages} packages compiled; all tools together take about ten minutes on two cores, once`;
  return whileSaying(saying, line, () => fillCache(cachePlace(pin, place), building(pin, place.env, count)));
}

function cachePlace(pin: Pinned, { env, cacheFolder }: ToolPlace): CachePlace<FoundTool> {
  return {
    folder: join(cacheFolder ?? defaultCacheFolder(env), pin.cacheName),
    program: pin.program,
    inspect: (file) => inspect(file, pin, env),
  };
}

async function inspect(file: string, pin: Pinned, env: Environment): Promise<FoundTool | Reason> {
  const outcome = await execute(file, [...pin.versionArguments], { env, timeoutSeconds: answerSeconds });
  if (!outcome.ok) return { reason: `${file} ${outcome.reason}` };
  const said = /\bv?(\d+\.\d+\.\d+)/.exec(outcome.output)?.[1];
  // What is built without a release's stamp says 0.0.0.
  return { tool: { file, version: said === undefined || said === "0.0.0" ? pin.version : said } };
}
