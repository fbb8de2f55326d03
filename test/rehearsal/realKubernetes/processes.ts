import { type ChildProcess, spawn } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../userError.ts";

/** Begins the name of every state folder. */
export const statePrefix = "calico-ebpf-eks-kubernetes-";

const recordName = "processes.jsonl";

/** One process as the record holds it. */
interface Recorded {
  readonly pid: number;
  /** When it was started, as the kernel counts: tells it from a later process with the same number. */
  readonly startTime: string;
}

/** One program to run. */
export interface Program {
  /** Short name; its log is `NAME.log` in the state folder. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Further environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Processes whose state is one folder, where each is recorded before anything else happens. */
export class Processes {
  readonly folder: string;
  readonly #children = new Map<string, ChildProcess>();
  readonly #onSignal = (signal: NodeJS.Signals) => {
    this.#onExit();
    process.off(signal, this.#onSignal);
    // Without a listener left, the signal means to this process what it always means: the end.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  readonly #onExit = () => {
    this.#kill("SIGKILL");
    // What is being killed may still write for a moment.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };

  constructor(folder: string) {
    this.folder = folder;
    process.on("SIGINT", this.#onSignal);
    process.on("SIGTERM", this.#onSignal);
    process.on("exit", this.#onExit);
  }

  /** Starts a program in a process group of its own. */
  start({ name, file, args, env = {} }: Program): void {
    const log = openSync(this.logFile(name), "a");
    const child = spawn(file, args, {
      cwd: this.folder,
      detached: true,
      env: { HOME: this.folder, PATH: "", ...env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    // Reported by `failure`, as a program that ended.
    child.once("error", () => {});
    this.#children.set(name, child);
    if (child.pid === undefined) return;
    const line: Recorded = { pid: child.pid, startTime: startTime(child.pid) ?? "" };
    appendFileSync(join(this.folder, recordName), `${JSON.stringify(line)}\n`);
  }

  logFile(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** Why a program no longer runs, with its log's last lines; undefined while all run. */
  failure(): string | undefined {
    for (const [name, child] of this.#children) {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) continue;
      const lines = textOf(this.logFile(name)).trimEnd().split("\n").slice(-10);
      const end =
        child.pid === undefined ? "could not be started" : `ended with ${child.exitCode ?? child.signalCode}`;
      return [`${name} ${end}; its last words:`, ...lines.map((line) => `    ${line}`)].join("\n");
    }
    return undefined;
  }

  /** Stops all, last started first, and removes the folder. */
  async stop(): Promise<void> {
    process.off("SIGINT", this.#onSignal);
    process.off("SIGTERM", this.#onSignal);
    const ended = [...this.#children.values()].map(endOf);
    // Nothing of their state is needed any more.
    this.#kill("SIGKILL");
    await Promise.all(ended);
    process.off("exit", this.#onExit);
    await rm(this.folder, { recursive: true, force: true });
  }

  #kill(signal: NodeJS.Signals): void {
    for (const { pid, exitCode, signalCode } of [...this.#children.values()].reverse()) {
      if (pid !== undefined && exitCode === null && signalCode === null) killGroup(pid, signal);
    }
  }
}

/**
 * Stops what earlier runs that were killed have left running, and removes their folders. Found by their own records,
 * never by name. A folder whose run is alive is left alone.
 * @returns the number of processes stopped
 */
export async function stopLeftovers(parent: string = tmpdir()): Promise<number> {
  let stopped = 0;
  for (const name of readdirSync(parent).filter((one) => one.startsWith(statePrefix))) {
    const folder = join(parent, name);
    if (ownerLives(folder) || isBeingMade(folder)) continue;
    for (const { pid, startTime: recorded } of recordOf(folder)) {
      if (startTime(pid) !== recorded) continue;
      killGroup(pid, "SIGKILL");
      stopped += 1;
    }
    await rm(folder, { recursive: true, force: true }).catch((error: Error) => {
      throw new UserError(`${folder}, left by an earlier run, cannot be removed: ${error.message}`);
    });
  }
  return stopped;
}

/** Notes in a state folder which process it belongs to. */
export function recordOwner(folder: string): void {
  const line: Recorded & { owner: true } = {
    pid: process.pid,
    startTime: startTime(process.pid) ?? "",
    owner: true,
  };
  appendFileSync(join(folder, recordName), `${JSON.stringify(line)}\n`);
}

function ownerLives(folder: string): boolean {
  const owner = linesOf(folder).find((line) => line.owner);
  return owner !== undefined && startTime(owner.pid) === owner.startTime;
}

/** A folder exists for a moment before it has a record. */
function isBeingMade(folder: string): boolean {
  return linesOf(folder).length === 0 && Date.now() - statSync(folder).mtimeMs < 60_000;
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

/** Empty where there is no file. */
function textOf(file: string): string {
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

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

function endOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}
