import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { ownEnvironment } from "./environment.ts";

/** What the Automation API calls on a command; its declaration leaves it out. */
type Run = (
  args: string[],
  folder: string,
  env: Readonly<Record<string, string>>,
  ...rest: unknown[]
) => Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }>;

/** A command whose running engine can be sent a signal, which the Automation API does not provide for but by SIGINT. */
export interface Interruptible {
  readonly command: PulumiCommand;
  /** Signals the CLI's process, and no other. False when none runs. */
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

/** As the Automation API itself starts a CLI: beside its own plugins, and told who calls. */
function automation(
  { command }: PulumiCommand,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const path = env["PATH"] ?? ownEnvironment()["PATH"] ?? "";
  return { PATH: `${dirname(command)}${delimiter}${path}`, PULUMI_AUTOMATION_API: "true" };
}
