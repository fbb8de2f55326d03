import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { oneLine } from "../../text.ts";
import { UserError } from "../shared/errors.ts";
import type { ClusterChoice } from "./options.ts";
import type { Target } from "./target.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/**
 * Finds the requested cluster.
 * @throws UserError of one line when it cannot be reached
 */
export async function findTarget(
  choice: ClusterChoice,
  endpoint: string | undefined,
  say: (line: string) => void,
): Promise<Target> {
  const found = "stack" in choice ? await ofStack(choice.stack, say) : fileTarget(choice);
  return endpoint === undefined ? found : { ...found, endpoint };
}

async function ofStack(stack: string, say: (line: string) => void): Promise<Target> {
  // Imported only here: the Automation API is large and slow to load.
  const { stackTarget } = await import("./stackTarget.ts");
  return stackTarget(stack, root, say);
}

function fileTarget({ kubeconfig: file, context }: Extract<ClusterChoice, { kubeconfig: string }>): Target {
  const path = resolve(file.replace(/^~(?=\/|$)/, homedir()));
  const text = contents(file, path);
  return { name: file, kubeconfig: withContext(file, text, context), folder: dirname(path) };
}

function contents(file: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: "file does not exist",
      ENOTDIR: "file does not exist",
      EISDIR: "this is a directory, not a file",
      EACCES: "permission denied",
    };
    throw new UserError(`--kubeconfig: ${file}: ${reasons[code] ?? `cannot be read (${code})`}.`);
  }
}

/** The parser's message without the quoted lines of the file: they may contain a credential or invalid bytes. */
function whyNot(error: unknown): string {
  const { reason, mark } = error as { reason?: string; mark?: { line?: number } };
  if (reason === undefined) return "required fields are missing";
  return `not YAML, line ${(mark?.line ?? 0) + 1}: ${oneLine(reason)}`;
}

/** The text of a kubeconfig whose current context is the requested one. */
function withContext(file: string, text: string, context: string | undefined): string {
  const config = new KubeConfig();
  try {
    config.loadFromString(text);
  } catch (error) {
    throw new UserError(`--kubeconfig: ${file} is not a kubeconfig: ${whyNot(error)}.`);
  }
  const names = config.getContexts().map(({ name }) => name);
  const wanted = context ?? config.getCurrentContext();
  if (!names.includes(wanted)) {
    const option = context === undefined ? "--kubeconfig" : "--context";
    const found = wanted ? `there is no context "${wanted}" in ${file}` : `${file} has no current context`;
    const there = names.length === 0 ? "it has no contexts" : `there are ${names.join(", ")}`;
    throw new UserError(`${option}: ${found}; ${there}. Name one with --context.`);
  }
  config.setCurrentContext(wanted);
  if (config.getCurrentCluster() === null || config.getCurrentUser() === null) {
    throw new UserError(
      `--kubeconfig: context "${wanted}" of ${file} names a cluster or a user that does not exist.`,
    );
  }
  return config.exportConfig();
}
