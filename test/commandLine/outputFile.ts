import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UserError } from "../rehearsal/userError.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "its folder is not there",
  ENOTDIR: "what should be its folder is a file",
  EISDIR: "this is a folder, not a file",
  EACCES: "this user may not write it",
  EPERM: "this user may not write it",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/**
 * Makes sure that a file can be written, before anybody waits for it. Leaves none behind.
 * @param option its name without dashes
 * @throws UserError of one line that names the option and the file
 */
export function refuseUnwritableFile(option: string, file: string): void {
  const wasThere = existsSync(file);
  attempt(option, file, () => closeSync(openSync(file, "a")));
  if (!wasThere) rmSync(file);
}

/**
 * Writes a file whole or not at all.
 * @throws UserError of one line that names the option and the file
 */
export function writeWhole(option: string, file: string, content: string | Uint8Array): void {
  const part = `${file}.part`;
  attempt(option, file, () => {
    try {
      writeFileSync(part, content);
      renameSync(part, file);
    } catch (error) {
      rmSync(part, { force: true });
      throw error;
    }
  });
}

function attempt(option: string, file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new UserError(`--${option}: cannot write ${file}: ${reasons[code] ?? code}.`);
  }
}
