import { mkdtempSync, rmdirSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ClusterError } from "../../kubernetes/errors.ts";
import { printable } from "../../text.ts";
import { ownEnvironment } from "./engine/environment.ts";

/** A mistake of the user or a lack of their machine: shown as its message alone, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** With less than this, what is temporary is about to be cut off. */
const leastFreeBytes = 2 ** 20;

const meanings: Readonly<Record<string, string>> = {
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EMFILE: "too many open files; raise `ulimit -n`",
  ENFILE: "the system has too many open files",
};

const full = ["ENOSPC", "EDQUOT"];

const otherPlace = "TMPDIR for temporary files, XDG_CACHE_HOME for the tools that are kept";

/** What the machine refuses, in one line with what to do; undefined: the error is about something else. */
export function systemProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = "", path = "" } = error as { code?: string; path?: string };
  const isTemporary = path.startsWith(tmpdir()) && ["ENOENT", "ENOTDIR"].includes(code);
  const problem = isTemporary ? temporaryFolderProblem() : undefined;
  if (problem !== undefined) return problem;
  const meaning = meanings[code];
  if (meaning === undefined) return undefined;
  const place = path === "" ? `the temporary directory (${tmpdir()}) or the cache` : path;
  return full.includes(code)
    ? fullAt(place, meaning)
    : `${place}: ${meaning}. Set another place: ${otherPlace}.`;
}

/**
 * Makes sure that there is a place for what is temporary.
 * @throws UserError of one line
 */
export function refuseTemporaryFolder(): void {
  const problem = temporaryFolderProblem();
  if (problem !== undefined) throw new UserError(problem);
}

/** What is wrong with the place for what is temporary, which is tried; undefined: nothing. */
function temporaryFolderProblem(): string | undefined {
  const folder = tmpdir();
  const found = statSync(folder, { throwIfNoEntry: false });
  const said = (what: string) =>
    `temporary directory ${folder}: ${what}. Set TMPDIR to one that can be written.`;
  if (found === undefined) return said("directory does not exist");
  if (!found.isDirectory()) return said("this is a file, not a directory");
  try {
    rmdirSync(mkdtempSync(join(folder, "calico-ebpf-eks-")));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return full.includes(code)
      ? fullAt(folder, meanings[code] ?? code)
      : said(meanings[code] ?? "nothing can be written there");
  }
  return fullDisk(folder);
}

/** The same of a folder whose disk is full, or nearly so; undefined: there is room. */
export function fullDisk(folder: string): string | undefined {
  const { bavail, bsize, blocks } = statfsSync(folder);
  // A file system without blocks, such as a FUSE mount, does not say.
  return blocks > 0 && bavail * bsize < leastFreeBytes ? fullAt(folder, meanings["ENOSPC"] ?? "") : undefined;
}

/** The same of what a program wrote before it ended; undefined: it ended for another reason. */
export function fullDiskSaid(text: string, folder: string): string | undefined {
  return /no space left on device|ENOSPC/.test(text) ? fullAt(folder, meanings["ENOSPC"] ?? "") : undefined;
}

function fullAt(place: string, meaning: string): string {
  return `${place}: ${meaning}. Make room, or set another place: ${otherPlace}.`;
}

/** Environment variable that adds the stack trace of an error that is a mistake in this project. */
const traceVariable = "CALICO_EBPF_EKS_TRACE";

/** Most of an unexpected error's own words. */
const mostCharacters = 500;

/** What is printed of an error: what is wrong and what to do; never a stack trace unless one was asked for. */
export function errorText(name: string, error: unknown, env = ownEnvironment()): string {
  if (isForPeople(error)) return printable(error.message);
  const problem = systemProblem(error);
  if (problem !== undefined) return printable(`${name}: ${problem}`);
  if (env[traceVariable]) return printable(inspect(error));
  const message = error instanceof Error ? error.message : String(error);
  const words = message.replace(/\s+/g, " ").trim().slice(0, mostCharacters) || "no reason given";
  return printable(
    `${name}: unexpected error: ${words}. This is a mistake in the program; please report it with what ${traceVariable}=1 prints.`,
  );
}

/** The error's own words, for a report that machines read. */
export function reasonOf(error: unknown): string {
  if (isForPeople(error)) return printable(error.message);
  return printable(systemProblem(error) ?? (error instanceof Error ? error.message : String(error)));
}

/** Whether the message is all that there is to say. */
function isForPeople(error: unknown): error is UserError | ClusterError {
  return error instanceof UserError || error instanceof ClusterError;
}
