import { inspect } from "node:util";
import { ownEnvironment } from "./engine/environment.ts";
import { systemProblem } from "./systemErrors.ts";
import { UserError } from "./userError.ts";

/** Environment variable that adds the stack trace of an error that is a mistake in this project. */
const traceVariable = "CALICO_EBPF_EKS_TRACE";

/** Most of an unexpected error's own words. */
const mostCharacters = 500;

/** What is printed of an error: what is wrong and what to do; never a stack trace unless one was asked for. */
export function errorText(name: string, error: unknown, env = ownEnvironment()): string {
  if (error instanceof UserError) return printable(error.message);
  const problem = systemProblem(error);
  if (problem !== undefined) return printable(`${name}: ${problem}`);
  if (env[traceVariable]) return printable(inspect(error));
  const message = error instanceof Error ? error.message : String(error);
  const words = message.replace(/\s+/g, " ").trim().slice(0, mostCharacters) || "no reason given";
  return printable(
    `${name}: unexpected error: ${words}. This is a mistake in the program; please report it with what ${traceVariable}=1 prints.`,
  );
}

/** The error's own words, for a report that machines read. */
export function reasonOf(error: unknown): string {
  if (error instanceof UserError) return printable(error.message);
  return printable(systemProblem(error) ?? (error instanceof Error ? error.message : String(error)));
}

/** A text without what a terminal would obey, and without bytes that are no text. */
export function printable(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\ufffd]+/gu, "?");
}
