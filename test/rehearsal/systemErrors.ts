import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";

/** With less than this, what is temporary is about to be cut off. */
const leastFreeBytes = 2 ** 20;

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
  EACCES: "this user may not write there",
};

/** What the machine refuses, in one line with what to do; undefined: the error is about something else. */
export function systemProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path = "" } = error as { code?: string; path?: string };
  const meaning = meanings[code];
  if (meaning === undefined) return undefined;
  return refusedAt(path === "" ? `the temporary folder (${tmpdir()}) or the cache` : path, meaning);
}

/** The same of a folder whose disk is full, or nearly so; undefined: there is room. */
export function fullDisk(folder: string): string | undefined {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < leastFreeBytes ? refusedAt(folder, "no space is left on the disk") : undefined;
}

/** The same of what a program wrote before it ended; undefined: it ended for another reason. */
export function fullDiskSaid(text: string, folder: string): string | undefined {
  return text.includes("no space left on device")
    ? refusedAt(folder, "no space is left on the disk")
    : undefined;
}

function refusedAt(place: string, meaning: string): string {
  return `${place}: ${meaning}. Make room, or name another place: TMPDIR for what is temporary, XDG_CACHE_HOME for the tools.`;
}
