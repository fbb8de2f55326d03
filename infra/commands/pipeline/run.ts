import { spawn } from "node:child_process";
import type { Environment } from "../shared/engine/environment.ts";
import { UserError } from "../shared/errors.ts";

/** The environment of a workflow step. */
export interface Surroundings {
  readonly env: Environment;
  /** Folder of the project. */
  readonly root: string;
  readonly say: (text: string) => void;
}

/** How a program ended, and what it wrote to stdout and stderr. */
interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program in the project's folder to its end, and streams its output. */
export function run(file: string, args: readonly string[], { env, root, say }: Surroundings): Promise<Ended> {
  return started(file, args, { env, root, onText: say, input: "" });
}

/**
 * Runs a program without showing its output, and passes it a text on stdin.
 * @throws UserError with the end of its output when it fails
 */
export async function ask(
  file: string,
  args: readonly string[],
  { env, root }: Surroundings,
  input = "",
): Promise<string> {
  const { code, output } = await started(file, args, { env, root, onText: () => {}, input });
  if (code === 0) return output;
  const words = output.trim().split("\n").slice(-3).join("\n  ");
  throw new UserError(`${file} ${args.slice(0, 2).join(" ")} ended with code ${code}:\n  ${words}`);
}

interface Start extends Pick<Surroundings, "env" | "root"> {
  readonly onText: (text: string) => void;
  readonly input: string;
}

function started(file: string, args: readonly string[], { env, root, onText, input }: Start): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env, stdio: "pipe" });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        onText(text);
      });
    }
    child.stdin.on("error", () => {
      // It ended without reading; its exit code tells why.
    });
    child.stdin.end(input);
    child.once("error", () => reject(new UserError(`${file}: is not on PATH.`)));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
