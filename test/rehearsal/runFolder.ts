import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOwner, runPrefix, stopDescendants } from "../../infra/commands/shared/ending.ts";
import { setTemporaryFolder } from "../../infra/commands/shared/engine/environment.ts";
import { fullDisk, refuseTemporaryFolder } from "../../infra/commands/shared/errors.ts";

const lookMilliseconds = 500;

/**
 * Gives this process one folder for everything temporary, its children's included, and lets neither that folder nor
 * any process outlive it: not after its end, not after Ctrl-C at any moment, and not when the disk is full. Signals have
 * to end this process by `process.exit`, as the entry of every command sees to.
 * @param say receives the one line about a full disk
 * @throws UserError when there is no place for such a folder
 */
export function beginRun(say: (line: string) => void): void {
  refuseTemporaryFolder();
  const folder = mkdtempSync(join(tmpdir(), runPrefix));
  process.once("exit", () => removeAll(folder));
  // The engine would try again for ever to write its state.
  const look = () => {
    const problem = fullDisk(folder);
    if (problem === undefined) return;
    // What is stopped first cannot write into what is removed.
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
