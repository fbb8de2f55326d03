import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "./environment.ts";
import { type Attempt, inspect } from "./inspect.ts";
import type { PinnedCli } from "./pinned.ts";

const temporaryMark = ".tmp-";
const staleMilliseconds = 24 * 60 * 60 * 1000;

/** One CLI's place in the cache: there whole, or not at all. */
export interface CachePlace {
  /** Folder that holds `bin/pulumi`. */
  readonly folder: string;
  readonly pinned: PinnedCli;
  readonly env: Environment;
}

/** Puts a CLI into `<folder>/bin/pulumi`. Returns why it could not, or nothing. */
export type Maker = (folder: string) => Promise<string | undefined>;

/** The CLI of the cache, when it is there and works. */
export async function cachedCli({ folder, pinned, env }: CachePlace): Promise<Attempt> {
  const file = executable(folder);
  if (!existsSync(file)) return { reason: `nothing in ${folder}` };
  return inspect(file, pinned, env);
}

/**
 * Fills the cache. The CLI is made in a folder beside and renamed into place when it works, so that neither an
 * interruption nor a second run at the same time can leave half a CLI.
 */
export async function fillCache(place: CachePlace, make: Maker): Promise<Attempt> {
  const { folder, pinned, env } = place;
  await mkdir(dirname(folder), { recursive: true });
  await removeStale(dirname(folder));
  const temporary = await mkdtemp(folder + temporaryMark);
  try {
    const reason = await make(temporary);
    if (reason !== undefined) return { reason };
    const made = await inspect(executable(temporary), pinned, env);
    if ("reason" in made) return made;
    await publish(temporary, place);
    return await cachedCli(place);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function executable(folder: string): string {
  return join(folder, "bin", "pulumi");
}

async function publish(temporary: string, place: CachePlace): Promise<void> {
  try {
    await rename(temporary, place.folder);
  } catch (error) {
    // Something is there already. When it works, another run was faster, and its result is as good.
    if ("cli" in (await cachedCli(place))) return;
    if (!existsSync(place.folder)) throw error;
    await rename(place.folder, `${temporary}-replaced`);
    await rename(temporary, place.folder);
    await rm(`${temporary}-replaced`, { recursive: true, force: true });
  }
}

/** Removes what runs that were killed have left behind a day ago or earlier. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.includes(temporaryMark)) continue;
    const path = join(folder, name);
    // Another run may remove its own in the meantime.
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > staleMilliseconds)
      await rm(path, { recursive: true, force: true });
  }
}
