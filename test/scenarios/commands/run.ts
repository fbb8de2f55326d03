import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";

/** Folder of the project. */
export const root = join(import.meta.dirname, "..", "..", "..");

/** The entry of every command. */
export const entry = join(root, "infra", "commands", "cli.js");

/** A process that has ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is started. */
export interface Start {
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  /** Gets the process, to signal it. */
  readonly onStart?: (child: ChildProcess) => void;
}

/** Runs this Node.js to its end, as a user runs a command: without a shell. */
export async function runNode(
  args: readonly string[],
  { env = {}, folder = root, onStart = () => {} }: Start = {},
): Promise<Ran> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...ownEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (part) => (stdout += String(part)));
  child.stderr.on("data", (part) => (stderr += String(part)));
  onStart(child);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

/** Runs a command of this project to its end. */
export function run(command: string, args: readonly string[] = [], start: Start = {}): Promise<Ran> {
  return runNode([entry, command, ...args], start);
}

/** Lines of a stack trace, and bytes that a terminal would obey: neither may be in what a command says. */
export function traces(text: string): string[] {
  const obeys = (character: string) => /[\p{Cc}]/u.test(character) && character !== "\t";
  return text.split("\n").filter((line) => /^\s+at .+:\d+:\d+/.test(line) || [...line].some(obeys));
}
