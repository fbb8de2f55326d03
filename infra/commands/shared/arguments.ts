import { parseArgs } from "node:util";
import type { Ending } from "./ending.ts";
import type { Environment } from "./engine/environment.ts";
import { UserError } from "./errors.ts";

/** Width of human-readable output in characters: the default width of a terminal. */
export const columns = 80;

/**
 * Breaks a text between words into lines of at most {@link columns} characters. A word that is longer stays whole.
 * @param first precedes the first line; the others are indented by its length
 */
export function wrapped(text: string, first = "", rest = " ".repeat(first.length)): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line.trimEnd()];
}

/** The environment of a command. */
export interface Surroundings {
  /** Folder of the project, which holds `stacks/`. */
  readonly root: string;
  readonly env: Environment;
  /** Writes text to stdout unchanged. */
  readonly write: (text: string) => void;
  /** Writes a line to stdout. */
  readonly say: (line: string) => void;
  /** Writes a line to stderr. */
  readonly complain: (line: string) => void;
  readonly ending: Ending;
}

/** One option of a command. */
interface Option {
  /** Placeholder for the value in the usage text. Absent: a switch, which takes no value. */
  readonly value?: string;
  /** The only values allowed. Absent: any. */
  readonly choices?: readonly string[];
  /** The value is a positive integer. */
  readonly isNumber?: boolean;
  /** The value is a duration such as `90s` or `10m`. */
  readonly isDuration?: boolean;
  /** May be given more than once. */
  readonly isList?: boolean;
  /** Name of an option that cannot be given together with this one. */
  readonly excludes?: string;
  readonly says: string;
  /** Follows "needs a value:" when the value is missing. */
  readonly example: string;
}

/** Every option of a command by its name without dashes, in the order of the usage text; `help` is added to all. */
export type Options = Readonly<Record<string, Option>>;

/** A command of this project and its options. */
export interface Command {
  /** How the command is typed, before the options: `npm run rehearse --`. */
  readonly command: string;
  /** Prefix of the error about its arguments: `rehearse`. */
  readonly name: string;
  /** What it does, in a line. */
  readonly about: string;
  readonly options: Options;
  /** The options of one typical use; empty: none are needed. */
  readonly example: string;
}

/** A command of the entry point. */
export interface RunnableCommand extends Command {
  /**
   * Runs it; its imports are loaded only now.
   * @returns the exit code
   * @throws UserError for anything that the user can change
   */
  readonly run: (argv: readonly string[], around: Surroundings) => Promise<number>;
}

/** A parsed command line. */
interface Given {
  /** The last value of each option; a switch has "". */
  readonly given: ReadonlyMap<string, string>;
  /** All values of each option. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Every problem, each as a message. */
  readonly problems: readonly string[];
}

const help: Option = { says: "print this text", example: "--help" };

const mostNumber = 9_999_999;

/**
 * Parses a command line with its table of options, to which `--help` and `-h` are added.
 * @param args without node and script, as in `process.argv.slice(2)`
 */
export function readArguments(table: Options, args: readonly string[]): Given {
  const options: Options = { ...table, help };
  const given = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const problems: string[] = [];
  let unknownBefore = false;
  const take = (name: string, value = "") => {
    given.set(name, value);
    lists.set(name, [...(lists.get(name) ?? []), value]);
  };

  for (const token of tokensOf(options, args)) {
    if (token.kind === "option") {
      const name = token.name === "h" ? "help" : token.name;
      const { value } = token;
      const problem = problemOf(options, name, value, given.has(name));
      if (problem !== undefined) problems.push(`${token.rawName}: ${problem}`);
      else take(name, value);
      unknownBefore = !Object.hasOwn(options, name) && value === undefined;
      continue;
    }
    // What follows an unknown option counts as its value: one mistake is reported once.
    if (token.kind === "positional" && !unknownBefore) {
      problems.push(`${token.value}: unexpected argument; every argument is an option and its value.`);
    }
    unknownBefore = false;
  }
  return { given, lists, problems: [...problems, ...exclusions(options, given)] };
}

/** Milliseconds of a duration such as `90s`, `10m` or `1h`. */
export function durationMilliseconds(text: string): number {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN);
}

/** What `--help` prints, 80 columns wide at most: usage, each option once, one example. */
export function usageText({ about, command, options, example }: Command): string {
  const rows = Object.entries({ ...options, help }).map(([name, { value, says }]) => ({
    flag: value === undefined ? `--${name}` : `--${name} ${value}`,
    says,
  }));
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  return [
    ...wrapped(about),
    "",
    `usage: ${command} [options]`,
    "",
    ...rows.flatMap(({ flag, says }) => wrapped(says, `  ${flag.padEnd(width)}  `)),
    "",
    ...wrapped(`example: ${command} ${example}`.trimEnd()),
  ].join("\n");
}

/** The one error that lists every problem with the arguments. */
export function argumentError(
  { command, name }: Pick<Command, "command" | "name">,
  problems: readonly string[],
): UserError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new UserError(
    [
      `${name}: ${count} in the arguments`,
      ...[...new Set(problems)].map((problem) => `  ${problem}`),
      `${command} --help lists the options.`,
    ].join("\n"),
  );
}

/** parseArgs' strict mode stops at the first problem, so it only splits here and the table decides. */
function tokensOf(options: Options, args: readonly string[]) {
  const closed = args.map((arg, index) => {
    const takesValue = Object.entries(options).some(([name, { value }]) => value && arg === `--${name}`);
    const next = args[index + 1];
    // Without this, `--stack --until up` would take "--until" as the stack's name.
    return takesValue && (next === undefined || next.startsWith("-")) ? `${arg}=` : arg;
  });
  const types = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value ? "string" : "boolean" }] as const,
  );
  return parseArgs({
    args: closed,
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

function problemOf(
  options: Options,
  name: string,
  value: string | undefined,
  again: boolean,
): string | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) return `unknown option. Use ${listing(Object.keys(options), "or", "--")}.`;
  if (again && option.isList !== true) return "given twice. Keep one.";
  if (option.value === undefined) return value === undefined ? undefined : "takes no value.";
  return value ? valueProblem(option, value) : `needs a value: ${option.example}`;
}

function valueProblem({ choices, isNumber, isDuration }: Option, value: string): string | undefined {
  if (choices && !choices.includes(value)) return `"${value}" is not valid. Use ${listing(choices, "or")}.`;
  if (isNumber && !(/^[1-9]\d*$/.test(value) && Number(value) <= mostNumber)) {
    return `"${value}" must be a positive integer, at most ${mostNumber}.`;
  }
  if (isDuration && !/^[1-9]\d{0,5}[smh]$/.test(value)) {
    return `"${value}" is an invalid duration; use 90s, 10m or 1h.`;
  }
  return undefined;
}

function exclusions(options: Options, given: ReadonlyMap<string, string>): string[] {
  return Object.entries(options).flatMap(([name, { excludes }]) =>
    excludes !== undefined && given.has(name) && given.has(excludes)
      ? [`--${excludes}, --${name}: both given; they exclude each other. Keep one.`]
      : [],
  );
}

function listing(words: readonly string[], last: string, prefix = ""): string {
  return words
    .map((word) => prefix + word)
    .join(", ")
    .replace(/, ([^,]*)$/, ` ${last} $1`);
}

/** The options that select the stack file, for a command that needs no backend. */
export const stackOptions = {
  stack: {
    value: "NAME",
    says: "the stack file stacks/Pulumi.NAME.yaml (default: dev)",
    example: "--stack prod",
  },
  "stack-file": {
    value: "FILE",
    excludes: "stack",
    says: "a stack file anywhere, instead of --stack",
    example: "--stack-file ./Pulumi.trial.yaml",
  },
} as const satisfies Options;
