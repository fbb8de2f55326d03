import { parseArgs } from "node:util";
import type { Options } from "./options.ts";

/** What was given on a command line. */
export interface Given {
  /** The last value of each option; a switch has "". */
  readonly given: ReadonlyMap<string, string>;
  /** All values of each option. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** Everything that is wrong, each for people. */
  readonly problems: readonly string[];
}

/**
 * Reads a command line by its table of options.
 * @param args without node and script, as in `process.argv.slice(2)`
 */
export function readArguments(options: Options, args: readonly string[]): Given {
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
    // What follows an unknown option is taken for its value: one mistake is reported once.
    if (token.kind === "positional" && !unknownBefore) problems.push(standsAlone(token.value));
    unknownBefore = false;
  }
  return { given, lists, problems: [...problems, ...exclusions(options, given)] };
}

function standsAlone(word: string): string {
  return `${word}: stands alone; every argument is an option and its value.`;
}

/** Milliseconds of a time such as `90s`, `10m` or `1h`. */
export function durationMilliseconds(text: string): number {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? Number.NaN);
}

/** parseArgs' own strict mode stops at the first problem, so it only splits here and the table judges. */
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
  if (option === undefined) return `no such option. There are ${listing(Object.keys(options), "and", "--")}.`;
  if (again && option.isList !== true) return "given twice. Keep one.";
  if (option.value === undefined) return value === undefined ? undefined : "takes no value.";
  if (!value) return `needs a value: ${option.example}`;
  if (option.choices && !option.choices.includes(value)) {
    return `"${value}" is not a ${option.value.toLowerCase()}. Use ${listing(option.choices, "or")}.`;
  }
  if (option.isNumber && !/^[1-9]\d{0,6}$/.test(value)) return `"${value}" is no whole number from 1.`;
  if (option.isDuration && !/^[1-9]\d{0,5}[smh]$/.test(value)) {
    return `"${value}" is no time. Write a number and s, m or h: 90s, 10m.`;
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
