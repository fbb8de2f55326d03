import { createWriteStream, existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { isOrphaned, recordOwner, removeRecord } from "../ending.ts";
import type { Environment } from "./environment.ts";
import type { Buildable } from "./pinned.ts";
import { execute } from "./process.ts";

const temporaryMark = ".tmp-";
const staleMilliseconds = 24 * 60 * 60 * 1000;

/** Why something is unavailable, as a message. */
export interface Reason {
  readonly reason: string;
}

/** One program's place in the cache: complete or absent. */
export interface CachePlace<Found extends object> {
  /** Folder that holds `bin/PROGRAM`. */
  readonly folder: string;
  /** Name of the program. */
  readonly program: string;
  /** Finds out whether an executable works. */
  readonly inspect: (file: string) => Promise<Found | Reason>;
}

/** Puts a program into `<folder>/bin`. Returns the reason when it fails. */
export type Maker = (folder: string) => Promise<string | undefined>;

/** The cached program, when it exists and works. */
export async function cached<Found extends object>(place: CachePlace<Found>): Promise<Found | Reason> {
  const file = executable(place.folder, place);
  if (!existsSync(file)) return { reason: `nothing in ${place.folder}` };
  return place.inspect(file);
}

/**
 * Fills the cache. The program is built in a folder next to it and renamed into place when it works, so that neither an
 * interruption nor a second run at the same time can leave half a program.
 */
export async function fillCache<Found extends object>(
  place: CachePlace<Found>,
  make: Maker,
): Promise<Found | Reason> {
  const { folder } = place;
  await mkdir(dirname(folder), { recursive: true });
  await removeStale(dirname(folder));
  const temporary = await mkdtemp(folder + temporaryMark);
  const remove = () => rmSync(temporary, { recursive: true, force: true });
  // Ctrl-C ends this process, and no `finally` is reached.
  const removeAll = () => {
    remove();
    rmSync(logOf(temporary), { force: true });
  };
  process.once("exit", removeAll);
  recordOwner(temporary);
  try {
    const reason = await make(temporary);
    if (reason !== undefined) return { reason };
    const made = await place.inspect(executable(temporary, place));
    if ("reason" in made) return made;
    removeRecord(temporary);
    await publish(temporary, place);
    return await cached(place);
  } finally {
    process.off("exit", removeAll);
    remove();
  }
}

/** Log of a build; it is kept when the build fails. */
function logOf(folder: string): string {
  return `${folder}.log`;
}

function executable(folder: string, { program }: { readonly program: string }): string {
  return join(folder, "bin", program);
}

async function publish<Found extends object>(temporary: string, place: CachePlace<Found>): Promise<void> {
  try {
    await rename(temporary, place.folder);
  } catch (error) {
    // Something is there already. When it works, another run was faster, and its result is used.
    if (!("reason" in (await cached(place)))) return;
    if (!existsSync(place.folder)) throw error;
    await rename(place.folder, `${temporary}-replaced`);
    await rename(temporary, place.folder);
    await rm(`${temporary}-replaced`, { recursive: true, force: true });
  }
}

/** Removes leftovers of killed runs, and logs older than a day. */
async function removeStale(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names) {
    if (!name.includes(temporaryMark)) continue;
    const path = join(folder, name);
    // Another run may remove them in the meantime.
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) continue;
    const isLeft = found.isDirectory() && isOrphaned(path);
    if (!isLeft && Date.now() - found.mtimeMs < staleMilliseconds) continue;
    await rm(path, { recursive: true, force: true });
    await rm(logOf(path), { force: true });
  }
}

const script = fileURLToPath(new URL("downloadProcess.ts", import.meta.url));

/**
 * Downloads through the Automation API, in a separate process: the API's installation cannot be cancelled,
 * a process can.
 */
export function downloading(version: string, env: Environment, timeoutSeconds: number): Maker {
  return async (folder) => {
    const outcome = await execute(process.execPath, [script, version, folder], {
      // Node's fetch uses HTTPS_PROXY only with this variable.
      env: { ...env, NODE_USE_ENV_PROXY: "1" },
      timeoutSeconds,
    });
    return outcome.ok ? undefined : outcome.reason.replace(/^ended with code 1: /, "");
  };
}

const linesShown = 10;

/** Progress of a build, counted from Go's output. */
export interface BuildCount {
  modules: number;
  packages: number;
}

/**
 * Builds with Go from the pinned modules. Go's output goes to a log next to the folder, which is kept when the
 * build fails.
 * @param count updated while the build runs
 */
export function building(
  { program, packagePath, buildFlags, moduleFolder, prepare }: Buildable,
  env: Environment,
  count: BuildCount,
): Maker {
  return async (folder) => {
    const logFile = logOf(folder);
    const log = createWriteStream(logFile);
    // Without room for it, the build fails as well, with a message.
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
  return [`go ${end}; the end of ${logFile}:`, ...lines.map((line) => `    ${line}`)].join("\n");
}
