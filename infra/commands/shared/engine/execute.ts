import { type ChildProcess, spawn } from "node:child_process";
import { isAbsolute } from "node:path";
import { recordInRun } from "../leftovers.ts";
import type { Environment } from "./environment.ts";

export interface Execution {
  readonly env: Environment;
  /** Working folder; default: this process's own. */
  readonly folder?: string;
  /** The program and all that it started are killed after this time. Default: no limit. */
  readonly timeoutSeconds?: number;
  /** Receives what the program writes to stderr, as it comes. */
  readonly onErrorText?: (text: string) => void;
}

export type Outcome =
  | { readonly ok: true; readonly output: string }
  /** The reason is for people and follows the program's name: `ended with code 1: no such flag`. */
  | { readonly ok: false; readonly reason: string };

/** Runs a program to its end. Never throws: whatever goes wrong is an outcome. */
export function execute(file: string, args: readonly string[], execution: Execution): Promise<Outcome> {
  const { env, folder: cwd, timeoutSeconds, onErrorText } = execution;
  return new Promise((resolve) => {
    // A process group of its own, so that a timeout also reaches what the program started.
    const child = spawn(file, args, { env, cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    recordInRun(child.pid);
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      onErrorText?.(text);
    });

    let late = false;
    const expire = () => {
      late = true;
      killGroup(child, "SIGKILL");
    };
    const limit = timeoutSeconds === undefined ? undefined : setTimeout(expire, timeoutSeconds * 1000);
    const keepSignals = passSignals(child);
    const end = (outcome: Outcome) => {
      clearTimeout(limit);
      keepSignals();
      resolve(outcome);
    };

    child.once("error", (error) => end({ ok: false, reason: whyNotStarted(file, error) }));
    child.once("close", (code, signal) => {
      if (late) end({ ok: false, reason: `did not end within ${timeoutSeconds} s` });
      else if (code === 0) end({ ok: true, output });
      else end({ ok: false, reason: whyFailed(code ?? signal, errors) });
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}

/** A group of its own does not hear Ctrl-C, so that it is passed on. Returns how to stop that. */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => {
    killGroup(child, signal);
    stop();
    // Without a listener left, the signal means to this process what it always means: the end.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const stop = () => {
    process.off("SIGINT", pass);
    process.off("SIGTERM", pass);
  };
  process.on("SIGINT", pass);
  process.on("SIGTERM", pass);
  return stop;
}

function whyNotStarted(file: string, error: Error): string {
  const code = "code" in error ? String(error.code) : error.message;
  const missing = isAbsolute(file) ? "is not there" : "is not on PATH";
  const reasons: Record<string, string> = { ENOENT: missing, EACCES: "may not be run" };
  return reasons[code] ?? `cannot be started (${code})`;
}

function whyFailed(end: number | string | null, errors: string): string {
  const last = errors.trim().split("\n").at(-1)?.trim() ?? "";
  return `ended with ${typeof end === "number" ? `code ${end}` : end}${last && `: ${last.slice(0, 300)}`}`;
}
