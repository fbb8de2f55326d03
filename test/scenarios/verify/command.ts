import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { root } from "../rehearsed.ts";

/** A command of this project, as a user runs it. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of this project to its end.
 * @param command `verify`
 * @param onStart gets the process, to signal it
 */
export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, "infra", "commands", "cli.js"), command, ...args], {
    env: { ...ownEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (part) => {
    stdout += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part) => {
    stderr += part;
  });
  onStart(child);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}
