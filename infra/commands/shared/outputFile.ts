import { closeSync, openSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { UserError } from "./errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its directory does not exist",
  ENOTDIR: "a part of the path is a file, not a directory",
  EISDIR: "this is a directory, not a file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  EDQUOT: "the disk quota is used up",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  ETXTBSY: "the file is a running program",
};

/**
 * Makes sure that a file can be written, before the long work starts. Leaves none behind.
 * @param option its name without dashes
 * @throws UserError of one line that names the option and the file
 */
export function refuseUnwritableFile(option: string, file: string): void {
  attempt(option, file, () => {
    const before = found(file);
    // Opening a pipe would wait for its reader.
    if (before !== undefined && !before.isFile() && !before.isDirectory()) return;
    closeSync(openSync(file, "a"));
    if (before === undefined) rmSync(file);
  });
}

/**
 * Writes a file whole or not at all. Anything but a regular file, such as /dev/stdout or a pipe, is written in place.
 * @throws UserError of one line that names the option and the file
 */
export function writeWhole(option: string, file: string, content: string | Uint8Array): void {
  const part = `${file}.part`;
  attempt(option, file, () => {
    const before = found(file);
    if (before !== undefined && !before.isFile() && !before.isDirectory()) {
      writeFileSync(file, content);
      return;
    }
    try {
      writeFileSync(part, content);
      renameSync(part, file);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}

function found(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false });
}

function attempt(option: string, file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`--${option}: cannot write ${file}: ${reasons[code] ?? code}.`);
  }
}
