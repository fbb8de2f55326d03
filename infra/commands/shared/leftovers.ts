import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "./userError.ts";

/** Begins the name of the folder that a run keeps everything temporary in. */
export const runPrefix = "calico-ebpf-eks-run-";

/** Begins the name of the folder of a control plane's state. */
export const statePrefix = "calico-ebpf-eks-kubernetes-";

const recordName = "processes.jsonl";

/** One process as the record holds it. */
interface Recorded {
  readonly pid: number;
  /** When it was started, as the kernel counts: tells it from a later process with the same number. */
  readonly startTime: string;
}

/**
 * Stops what earlier runs that were killed have left running, and removes their folders. Found by their own records,
 * never by name. A folder whose run is alive is left alone.
 * @returns the number of processes stopped
 */
export async function stopLeftovers(parent: string = tmpdir()): Promise<number> {
  let stopped = 0;
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(runPrefix) && !name.startsWith(statePrefix)) continue;
    const folder = join(parent, name);
    if (!isOrphaned(folder)) continue;
    for (const { pid, startTime: recorded } of recordOf(folder)) {
      if (startTime(pid) !== recorded) continue;
      killGroup(pid, "SIGKILL");
      stopped += 1;
    }
    // Of a run, the control plane that it had.
    stopped += await stopLeftovers(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }).catch(
      (error: Error) => {
        throw new UserError(`${folder}, left by an earlier run, cannot be removed: ${error.message}`);
      },
    );
  }
  return stopped;
}

/** Notes in a folder which process it belongs to. */
export function recordOwner(folder: string): void {
  record(folder, process.pid, { owner: true });
}

/** Notes in a folder a process that must not outlive the folder's owner. */
export function recordProcess(folder: string, pid: number): void {
  record(folder, pid);
}

/** The same, in the folder of the run that this process is, if it is one. */
export function recordInRun(pid: number | undefined): void {
  const folder = tmpdir();
  if (pid !== undefined && existsSync(join(folder, recordName))) record(folder, pid);
}

function record(folder: string, pid: number, more: { readonly owner?: true } = {}): void {
  const line: Recorded = { pid, startTime: startTime(pid) ?? "", ...more };
  appendFileSync(join(folder, recordName), `${JSON.stringify(line)}\n`);
}

/** Whether the process that a folder belongs to has ended, and left it. */
export function isOrphaned(folder: string): boolean {
  return !ownerLives(folder) && !isBeingMade(folder);
}

/** Takes the record out of a folder that is to stay. */
export function removeRecord(folder: string): void {
  rmSync(join(folder, recordName), { force: true });
}

function ownerLives(folder: string): boolean {
  const owner = linesOf(folder).find((line) => line.owner);
  return owner !== undefined && startTime(owner.pid) === owner.startTime;
}

/** A folder exists for a moment before it has a record; one that has just been put into its place is gone. */
function isBeingMade(folder: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return linesOf(folder).length === 0 && (found === undefined || Date.now() - found.mtimeMs < 60_000);
}

function recordOf(folder: string): Recorded[] {
  return linesOf(folder).filter((line) => !line.owner);
}

function linesOf(folder: string): (Recorded & { owner?: boolean })[] {
  return textOf(join(folder, recordName))
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line));
}

/** Text of a file; empty where there is none. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Field 22 of /proc/PID/stat, empty where there is no /proc; undefined: there is no such process. */
function startTime(pid: number): string | undefined {
  try {
    if (!existsSync("/proc/self/stat")) return process.kill(pid, 0) ? "" : undefined;
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; nobody has asked how yet.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Kills what this process has started, and what that has started. */
export function stopDescendants(): void {
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

/** Signals a process and what shares its group. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
