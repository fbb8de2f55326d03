import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "./errors.ts";

/** Prefix of a run's temporary folder. */
export const runPrefix = "calico-ebpf-eks-run-";

/** Prefix of the folder with a control plane's state. */
export const statePrefix = "calico-ebpf-eks-kubernetes-";

const recordName = "processes.jsonl";

/** A recorded process. */
interface Recorded {
  readonly pid: number;
  /** Start time in kernel ticks: distinguishes it from a later process with the same number. */
  readonly startTime: string;
}

/**
 * Stops what earlier, killed runs have left running, and removes their folders. Found by their own records,
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

/** Records in a folder which process it belongs to. */
export function recordOwner(folder: string): void {
  record(folder, process.pid, { owner: true });
}

/** Records in a folder a process that must not outlive the folder's owner. */
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

/** Whether the process that a folder belongs to has ended without removing it. */
export function isOrphaned(folder: string): boolean {
  return !ownerLives(folder) && !isBeingMade(folder);
}

/** Removes the record from a folder that is kept. */
export function removeRecord(folder: string): void {
  rmSync(join(folder, recordName), { force: true });
}

function ownerLives(folder: string): boolean {
  const owner = linesOf(folder).find((line) => line.owner);
  return owner !== undefined && startTime(owner.pid) === owner.startTime;
}

/** A folder exists for a moment before it has a record; one that has just been moved into place is gone. */
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
    // A zombie has ended; its exit code was not collected yet.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Kills the descendants of this process. */
export function stopDescendants(): void {
  for (const pid of descendants(process.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended in the meantime.
    }
  }
}

/** Descendants of a process, from /proc; none where there is no /proc. */
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

/** Exit codes as a shell gives them: 128 and the signal's number. */
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const closedPipeCode = 141;

/** What a command does that must clean up before it ends. */
interface CleanUp {
  /** Printed at the first Ctrl-C. */
  readonly words: string;
  /** Printed at the second, which does not wait: what is left, and what removes it. */
  readonly againWords: string;
}

/** How a command ends early: by Ctrl-C, another signal, or a closed pipe. */
export interface Ending {
  /** Aborted when the command must end. Only after {@link Ending.cleansUp}: without it, the process ends at once. */
  readonly signal: AbortSignal;
  /** Exit code of an early end; undefined: not ended. */
  readonly exitCode: number | undefined;
  /** From now on the command gets time to clean up. */
  cleansUp(cleanUp: CleanUp): void;
}

/** The error of output that cannot be written: `> FILE` on a full disk. */
export function writeError(name: string, error: unknown): UserError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: "no space left on the device",
    EDQUOT: "the disk quota is used up",
    EIO: "the terminal is gone",
  };
  return new UserError(`${name}: cannot write the output: ${reasons[code] ?? code}.`);
}

/**
 * Ends this process cleanly: its children are stopped and its `exit` listeners run, which remove temporary files.
 * @param name of the command, for the message
 */
export function watchEnding(name: string, complain: (line: string) => void): Ending {
  const controller = new AbortController();
  let cleanUp: CleanUp | undefined;
  let exitCode: number | undefined;
  const end = (code: number, words: readonly [first: string | undefined, again: string | undefined]) => {
    const isFirst = exitCode === undefined;
    exitCode ??= code;
    if (cleanUp !== undefined && isFirst) {
      if (words[0] !== undefined) complain(words[0]);
      controller.abort(new UserError(`${name}: interrupted`));
      return;
    }
    // Stopped first, so that they cannot write into what the exit listeners remove.
    stopDescendants();
    if (words[1] !== undefined) complain(words[1]);
    process.exit(exitCode);
  };
  for (const [signal, code] of Object.entries(signalCodes)) {
    process.on(signal, () => end(code, [cleanUp?.words, cleanUp?.againWords ?? `${name}: interrupted`]));
  }
  const onStreamError = (error: NodeJS.ErrnoException) => {
    // `| head -1` has ended; no reader is left for a reason.
    if (error.code === "EPIPE") {
      if (exitCode === undefined) end(closedPipeCode, [undefined, undefined]);
    } else throw writeError(name, error);
  };
  process.stdout.on("error", onStreamError);
  process.stderr.on("error", onStreamError);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    cleansUp: (given) => {
      cleanUp = given;
    },
  };
}
