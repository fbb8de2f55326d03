import { type ChildProcess, spawn } from "node:child_process";
import { delimiter, dirname, isAbsolute } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { recordInRun } from "../ending.ts";
import { type Environment, ownEnvironment } from "./environment.ts";

interface Execution {
  readonly env: Environment;
  /** Working folder; default: this process's own. */
  readonly folder?: string;
  /** The program and everything it started are killed after this time. Default: no limit. */
  readonly timeoutSeconds?: number;
  /** Receives the program's stderr as it is written. */
  readonly onErrorText?: (text: string) => void;
}

type Outcome =
  | { readonly ok: true; readonly output: string }
  /** The reason is for people and follows the program's name: `ended with code 1: no such flag`. */
  | { readonly ok: false; readonly reason: string };

/** Runs a program to its end. Never throws: any failure is an outcome. */
export function execute(file: string, args: readonly string[], execution: Execution): Promise<Outcome> {
  const { env, folder: cwd, timeoutSeconds, onErrorText } = execution;
  return new Promise((resolve) => {
    // A separate process group, so that a timeout also reaches what the program started.
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

/** A separate group does not receive Ctrl-C, so it is passed on. Returns a function that stops that. */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals) => {
    killGroup(child, signal);
    stop();
    // Without a listener left, the signal ends this process as usual.
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
  const missing = isAbsolute(file) ? "does not exist" : "is not on PATH";
  const reasons: Record<string, string> = { ENOENT: missing, EACCES: "is not executable" };
  return reasons[code] ?? `cannot be started (${code})`;
}

function whyFailed(end: number | string | null, errors: string): string {
  const last = errors.trim().split("\n").at(-1)?.trim() ?? "";
  return `ended with ${typeof end === "number" ? `code ${end}` : end}${last && `: ${last.slice(0, 300)}`}`;
}

/** What the Automation API calls on a command; its declaration leaves it out. */
type Run = (
  args: string[],
  folder: string,
  env: Readonly<Record<string, string>>,
  ...rest: unknown[]
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }>;

/** A command whose running engine can be sent a signal; the Automation API supports only SIGINT. */
export interface Interruptible {
  readonly command: PulumiCommand;
  /** Signals only the CLI's process. False when none runs. */
  signal(signal: "SIGINT" | "SIGKILL"): boolean;
}

/** Commands that change a stack; the others are short, and stay as they are. */
const interruptibleCommands = ["up", "destroy", "refresh"];

/** Wraps a command so that its process is known while it runs. */
export function interruptible(command: PulumiCommand): Interruptible {
  let kill: ((signal: NodeJS.Signals) => boolean) | undefined;
  const { run: original } = command as unknown as { run: Run };
  const run: Run = (args, folder, env, ...rest) => {
    if (!interruptibleCommands.includes(args[0] ?? ""))
      return original.call(command, args, folder, env, ...rest);
    return new Promise((resolve, reject) => {
      const child = spawn(command.command, [...args, "--non-interactive"], {
        cwd: folder,
        env: { ...ownEnvironment(), ...env, ...automation(command, env) },
        stdio: ["ignore", "pipe", "pipe"],
      });
      kill = (signal) => child.kill(signal);
      const output = { stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output.stdout += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        output.stderr += text;
      });
      child.once("error", reject);
      child.once("close", (code, signal) => {
        kill = undefined;
        if (code === 0) resolve({ ...output, code });
        else
          reject(
            new Error(
              `pulumi ${args[0]} ended with ${signal ?? `code ${code}`}\n${output.stderr}${output.stdout}`,
            ),
          );
      });
    });
  };
  // The Automation API asks for the class, whose constructor is private.
  const wrapped: PulumiCommand = Object.create(command, { run: { value: run } });
  return {
    command: wrapped,
    signal: (signal) => kill?.(signal) ?? false,
  };
}

/** As the Automation API itself starts a CLI: with its own plugins on PATH, and with its user agent. */
function automation(
  { command }: PulumiCommand,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const path = env["PATH"] ?? ownEnvironment()["PATH"] ?? "";
  return { PATH: `${dirname(command)}${delimiter}${path}`, PULUMI_AUTOMATION_API: "true" };
}
