import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { killGroup, recordProcess, textOf } from "../../../infra/commands/shared/ending.ts";
import { fullDiskSaid } from "../../../infra/commands/shared/errors.ts";

/** One program to run. */
export interface Program {
  /** Short name; its log is `NAME.log` in the state folder. */
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Further environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the program is called to itself. Default: its file. */
  readonly calledAs?: string;
  /** Called when it ends by itself. */
  readonly onEnd?: () => void;
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

  /** Starts a program in a separate process group. */
  start({ name, file, args, env = {}, calledAs = file, onEnd }: Program): void {
    const log = openSync(this.logFile(name), "a");
    const child = spawn(file, args, {
      argv0: calledAs,
      cwd: this.folder,
      detached: true,
      env: { HOME: this.folder, PATH: "", ...env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    // Reported by `failure`, as a program that ended.
    child.once("error", () => {});
    if (onEnd !== undefined) child.once("exit", () => this.#children.get(name) === child && onEnd());
    this.#children.set(name, child);
    if (child.pid !== undefined) recordProcess(this.folder, child.pid);
  }

  logFile(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** Ends one program at once; nothing asks for it any more. */
  async end(name: string): Promise<void> {
    const child = this.#children.get(name);
    if (child === undefined) return;
    this.#children.delete(name);
    const ended = endOf(child);
    if (child.pid !== undefined) killGroup(child.pid, "SIGKILL");
    await ended;
  }

  /** Why a program no longer runs, with its log's last lines; undefined while all run. */
  failure(names: Iterable<string> = this.#children.keys()): string | undefined {
    for (const name of names) {
      const child = this.#children.get(name);
      if (child === undefined) continue;
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) continue;
      const text = textOf(this.logFile(name));
      const full = fullDiskSaid(text, this.folder);
      if (full !== undefined) return full;
      const lines = text.trimEnd().split("\n").slice(-10);
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

function endOf(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}
