import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOwner, runPrefix, stopDescendants } from "../../infra/commands/shared/ending.ts";
import { setTemporaryFolder } from "../../infra/commands/shared/engine/environment.ts";
import { fullDisk, refuseTemporaryFolder } from "../../infra/commands/shared/errors.ts";

const lookMilliseconds = 500;

/**
 * Gives this process one folder for all temporary files, including its children's, and lets neither that folder nor
 * any process outlive it: not after its end, not after Ctrl-C at any moment, and not when the disk is full. Signals have
 * to end this process by `process.exit`, as the entry point of every command does.
 * @param say receives the one line about a full disk
 * @throws UserError when such a folder cannot be created
 */
export function beginRun(say: (line: string) => void): void {
  refuseTemporaryFolder();
  const folder = mkdtempSync(join(tmpdir(), runPrefix));
  process.once("exit", () => removeAll(folder));
  // The engine would retry writing its state endlessly.
  const look = () => {
    const problem = fullDisk(folder);
    if (problem === undefined) return;
    // Stopped first, so that it cannot write into what is removed.
    stopDescendants();
    removeAll(folder);
    say(problem);
    process.exit(1);
  };
  setInterval(look, lookMilliseconds).unref();
  recordOwner(folder);
  setTemporaryFolder(folder);
}

function removeAll(folder: string): void {
  // What is being killed may still write for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}
