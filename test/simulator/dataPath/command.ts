import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** How a command ended. */
export interface Ended {
  /** Exit code; 137 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Written to its stdin. Default: nothing. */
  readonly input?: string;
  /** Default: this process's own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** It is killed after this time. Default: 30. */
  readonly timeoutSeconds?: number;
}

const killedCode = 137;

/** A command of the data path failed that has to succeed. */
export class CommandError extends Error {}

/** Runs a command to its end; does not throw when it fails. */
export function run(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { input = "", timeoutSeconds = 30, env } = options;
  return new Promise((resolve) => {
    const child = start(argv, { stdio: "pipe", ...(env === undefined ? {} : { env }) });
    const limit = setTimeout(() => child.kill("SIGKILL"), timeoutSeconds * 1000);
    let [stdout, stderr] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const end = (code: number) => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr });
    };
    child.once("error", (error) => {
      stderr += error.message;
      end(127);
    });
    child.once("close", (code) => end(code ?? killedCode));
    // It may end without reading.
    child.stdin?.on("error", () => {});
    child.stdin?.end(input);
  });
}

/**
 * Runs a command and returns what it prints.
 * @throws CommandError with its last line when it fails
 */
export async function must(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code === 0) return stdout;
  const last = stderr.trim().split("\n").at(-1) ?? "";
  throw new CommandError(`${shortened(argv)} ended with code ${code}: ${last}`);
}

/** Starts a program that runs on. */
export function start([file = "", ...args]: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(file, args, options);
}

function shortened(argv: readonly string[]): string {
  const text = argv.join(" ").replaceAll("\n", " ");
  return text.length > 160 ? `… ${text.slice(-160)}` : text;
}
