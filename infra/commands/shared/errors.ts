import { mkdtempSync, rmdirSync, statfsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { ClusterError } from "../../kubernetes/errors.ts";
import { printable } from "../../text.ts";
import { ownEnvironment } from "./engine/environment.ts";

/** A user's mistake or a limit of the machine: only the message is shown, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** With less than this, temporary files are about to be truncated. */
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

const otherPlace = "TMPDIR for temporary files, XDG_CACHE_HOME for cached tools";

/** The one-line message for a refusal by the operating system; undefined: another error. */
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
    : `${place}: ${meaning}. Choose another directory: ${otherPlace}.`;
}

/**
 * Makes sure that the temporary directory is usable.
 * @throws UserError of one line
 */
export function refuseTemporaryFolder(): void {
  const problem = temporaryFolderProblem();
  if (problem !== undefined) throw new UserError(problem);
}

/** The problem with the temporary directory, found by trying it; undefined: none. */
function temporaryFolderProblem(): string | undefined {
  const folder = tmpdir();
  const found = statSync(folder, { throwIfNoEntry: false });
  const said = (what: string) =>
    `temporary directory ${folder}: ${what}. Set TMPDIR to a writable directory.`;
  if (found === undefined) return said("directory does not exist");
  if (!found.isDirectory()) return said("this is a file, not a directory");
  try {
    rmdirSync(mkdtempSync(join(folder, "calico-ebpf-eks-")));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return full.includes(code)
      ? fullAt(folder, meanings[code] ?? code)
      : said(meanings[code] ?? "not writable");
  }
  return fullDisk(folder);
}

/** The problem with a folder whose disk is full or nearly full; undefined: none. */
export function fullDisk(folder: string): string | undefined {
  const { bavail, bsize, blocks } = statfsSync(folder);
  // A file system without blocks, such as a FUSE mount, does not say.
  return blocks > 0 && bavail * bsize < leastFreeBytes ? fullAt(folder, meanings["ENOSPC"] ?? "") : undefined;
}

/** The same from a program's output; undefined: it ended for another reason. */
export function fullDiskSaid(text: string, folder: string): string | undefined {
  return /no space left on device|ENOSPC/.test(text) ? fullAt(folder, meanings["ENOSPC"] ?? "") : undefined;
}

function fullAt(place: string, meaning: string): string {
  return `${place}: ${meaning}. Free some space, or choose another directory: ${otherPlace}.`;
}

/** Environment variable that adds the stack trace of an unexpected error. */
const traceVariable = "CALICO_EBPF_EKS_TRACE";

/** Most characters shown of an unexpected error's message. */
const mostCharacters = 500;

/** What is printed for an error: the problem and the fix; no stack trace unless requested. */
export function errorText(name: string, error: unknown, env = ownEnvironment()): string {
  if (isForPeople(error)) return printable(error.message);
  const problem = systemProblem(error);
  if (problem !== undefined) return printable(`${name}: ${problem}`);
  if (env[traceVariable]) return printable(inspect(error));
  const message = error instanceof Error ? error.message : String(error);
  const words = message.replace(/\s+/g, " ").trim().slice(0, mostCharacters) || "no reason given";
  return printable(
    `${name}: unexpected error: ${words}. This is a bug; please report it with the output of ${traceVariable}=1.`,
  );
}

/** The error's message, for a machine-readable report. */
export function reasonOf(error: unknown): string {
  if (isForPeople(error)) return printable(error.message);
  return printable(systemProblem(error) ?? (error instanceof Error ? error.message : String(error)));
}

/** Whether the message is enough, without a stack trace. */
function isForPeople(error: unknown): error is UserError | ClusterError {
  return error instanceof UserError || error instanceof ClusterError;
}
