import { stopDescendants } from "./leftovers.ts";
import { UserError } from "./userError.ts";

/** Exit codes as a shell gives them: 128 and the signal's number. */
const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const closedPipeCode = 141;

/** What a command does that has something to put back before it may end. */
export interface CleanUp {
  /** Said at the first Ctrl-C. */
  readonly words: string;
  /** Said at the second, which does not wait any more: what is left, and what removes it. */
  readonly againWords: string;
}

/** How a command ends before its time: Ctrl-C, another signal, or a reader of its output who has gone. */
export interface Ending {
  /** Aborted when the command is to end. Only after {@link Ending.cleansUp}: without, the process ends at once. */
  readonly signal: AbortSignal;
  /** Exit code of such an end; undefined: nothing has ended the command. */
  readonly exitCode: number | undefined;
  /** From now on the command is given the time to put back what it has changed. */
  cleansUp(cleanUp: CleanUp): void;
}

/** The error of output that cannot be written: `> FILE` on a full disk. */
export function writeError(name: string, error: unknown): UserError {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: "no space left on the device",
    EDQUOT: "the disk quota is used up",
    EIO: "the terminal is gone",
  };
  return new UserError(`${name}: cannot write the output: ${reasons[code] ?? code}.`);
}

/**
 * Ends this process well: its children are stopped and its `exit` listeners run, which remove what is temporary.
 * @param name of the command, for the line that says so
 */
export function watchEnding(name: string, complain: (line: string) => void): Ending {
  const controller = new AbortController();
  let cleanUp: CleanUp | undefined;
  let exitCode: number | undefined;
  const end = (code: number, words: readonly [first: string | undefined, again: string | undefined]) => {
    const isFirst = exitCode === undefined;
    exitCode ??= code;
    if (cleanUp !== undefined && isFirst) {
      if (words[0] !== undefined) complain(words[0]);
      controller.abort(new UserError(`${name}: interrupted`));
      return;
    }
    // What is stopped first cannot write into what the exit listeners remove.
    stopDescendants();
    if (words[1] !== undefined) complain(words[1]);
    process.exit(exitCode);
  };
  for (const [signal, code] of Object.entries(signalCodes)) {
    process.on(signal, () => end(code, [cleanUp?.words, cleanUp?.againWords ?? `${name}: interrupted`]));
  }
  const onStreamError = (error: NodeJS.ErrnoException) => {
    // `| head -1` has what it wants; nobody is left to read a reason.
    if (error.code === "EPIPE") {
      if (exitCode === undefined) end(closedPipeCode, [undefined, undefined]);
    } else throw writeError(name, error);
  };
  process.stdout.on("error", onStreamError);
  process.stderr.on("error", onStreamError);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    cleansUp: (given) => {
      cleanUp = given;
    },
  };
}
