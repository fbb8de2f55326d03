import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTemporaryFolder } from "./cli/environment.ts";
import { recordOwner, runPrefix } from "./leftovers.ts";
import { fullDisk } from "./systemErrors.ts";

/** Exit codes as a shell gives them: 128 and the signal's number. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const lookMilliseconds = 500;

/**
 * Gives this process one folder for everything temporary, its children's included, and lets neither that folder nor
 * any process outlive it: not after its end, not after Ctrl-C at any moment, and not when the disk is full.
 * @param say receives the one line that tells of such an end
 */
export function beginRun(say: (line: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), runPrefix));
  process.once("exit", () => removeAll(folder));
  const end = (code: number, line: string) => {
    // What is stopped first cannot write into what is removed.
    stopDescendants();
    removeAll(folder);
    say(line);
    process.exit(code);
  };
  for (const [signal, code] of Object.entries(exitCodes)) {
    const line = `Interrupted by ${signal}: every process is stopped, and everything temporary removed.`;
    process.once(signal, () => end(code, line));
  }
  // The engine would try again for ever to write its state.
  const look = () => {
    const problem = fullDisk(folder);
    if (problem !== undefined) end(1, problem);
  };
  look();
  setInterval(look, lookMilliseconds).unref();
  recordOwner(folder);
  setTemporaryFolder(folder);
}

function removeAll(folder: string): void {
  // What is being killed may still write for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Kills what this process has started, and what that has started. */
function stopDescendants(): void {
  for (const pid of descendants(process.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
  }
}

/** Processes below another, by the kernel's own table; none where there is no /proc. */
function descendants(root: number): number[] {
  if (!existsSync("/proc/self/stat")) return [];
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)]),
  );
  const found = new Set([root]);
  // A child is listed after its parent only by chance: go round until nothing is added.
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (parent !== undefined && found.has(parent)) found.add(pid);
  }
  return [...found].filter((pid) => pid !== root);
}

function parentOf(pid: string): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces and brackets itself.
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}
