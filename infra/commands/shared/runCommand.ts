import { join } from "node:path";
import { printable } from "../../text.ts";
import { type RunnableCommand, readArguments, type Surroundings, usageText } from "./arguments.ts";
import { type Ending, watchEnding, writeError } from "./ending.ts";
import { ownEnvironment } from "./engine/environment.ts";
import { errorText, UserError } from "./errors.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** Runs a command in this process: `--help`, the exit code, an error in one line, Ctrl-C, a closed pipe. */
export function runProcess(command: RunnableCommand, argv: readonly string[]): void {
  const { name } = command;
  const complain = (line: string) => void process.stderr.write(`${printable(line)}\n`);
  const ending = watchEnding(name, complain);
  const write = (text: string) => {
    try {
      process.stdout.write(text);
    } catch (error) {
      throw writeError(name, error);
    }
  };
  const around: Surroundings = {
    root,
    env: ownEnvironment(),
    write,
    say: (line) => write(`${line}\n`),
    complain,
    ending,
  };
  const fail = (error: unknown): never => {
    // A line of progress that is still being rewritten ends here.
    const eraseLine = process.stdout.isTTY ? "\r\u001b[2K" : "";
    process.stderr.write(`${eraseLine}${failureText(name, error, ending)}`);
    // Rethrown, it would end the process before the cleanup.
    process.exit(ending.exitCode ?? 1);
  };
  process.once("uncaughtException", fail);
  runIn(command, argv, around).then((code) => {
    process.exitCode = ending.exitCode ?? code;
  }, fail);
}

/**
 * Runs a command, or prints its usage text. With `--help`, everything else is ignored.
 * @returns the exit code
 */
async function runIn(
  command: RunnableCommand,
  argv: readonly string[],
  around: Surroundings,
): Promise<number> {
  const { given } = readArguments(command.options, argv);
  if (given.has("help")) {
    around.say(usageText(command));
    return 0;
  }
  return command.run(argv, around);
}

function failureText(name: string, error: unknown, { exitCode, signal }: Ending): string {
  const isPipeClosed = exitCode === 141;
  if (isPipeClosed) return "";
  // The error of an aborted request is expected; a failed cleanup is worth reporting.
  const isNews = error instanceof UserError && error.constructor === UserError && error !== signal.reason;
  return `${signal.aborted && !isNews ? `${name}: interrupted` : errorText(name, error)}\n`;
}
