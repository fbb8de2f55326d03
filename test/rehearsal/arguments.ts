import { parseArgs } from "node:util";
import type { ChangeChoice } from "./changes/changedStackFile.ts";
import { type Fault, type Interruption, readFaults, signals } from "./faults/fault.ts";
import { type KubernetesChoice, kubernetesChoices, options, type Stage, stages } from "./options.ts";
import { UserError } from "./userError.ts";

/** A stack of the project by its name, or any stack file by its path. */
export type StackChoice = { readonly stack: string } | { readonly file: string };

export interface Arguments {
  readonly stack: StackChoice;
  readonly until: Stage;
  readonly kubernetes: KubernetesChoice;
  /** Nodes that the pools are to have in all. Absent: as the stack file says. */
  readonly nodes?: number;
  /** What the stack is to become once it is up. Absent: it stays as it is. */
  readonly change?: ChangeChoice;
  /** What is to go wrong. */
  readonly faults: readonly Fault[];
  /** When to interrupt `up`. Absent: never. */
  readonly interruption?: Interruption;
  /** File for the report as Markdown; undefined: none. */
  readonly report: string | undefined;
  /** File for the report for machines; undefined: none. */
  readonly json: string | undefined;
  /** The user asked for the usage text; nothing else counts then. */
  readonly help: boolean;
}

const command = "npm run rehearse --";

/** What `--help` prints: each option with its meaning and an example. */
export function usage(): string {
  const rows = Object.entries(options).map(([name, { value, says, example }]) => ({
    flag: value === undefined ? `--${name}` : `--${name} ${value}`,
    says,
    example,
  }));
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  return [
    "Runs this program through the real Pulumi engine against a simulated AWS. No account is needed.",
    "",
    `usage: ${command} [options]`,
    "",
    ...rows.map(({ flag, says }) => `  ${flag.padEnd(width)}  ${says}`),
    "",
    "examples:",
    ...rows.map(({ example }) => `  ${command} ${example}`),
  ].join("\n");
}

/**
 * Reads the command line of the rehearsal.
 * @param args without node and script, as in `process.argv.slice(2)`
 * @throws UserError that lists every problem of the command line
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { given, lists, problems } = read(args);
  const help = given.has("help");
  const { faults, problems: faultProblems } = readFaults(lists.get("fault") ?? []);
  if (problems.length + faultProblems.length > 0 && !help) throw refusal([...problems, ...faultProblems]);

  const file = given.get("from") ?? given.get("stack-file");
  const to = given.get("to");
  const set = lists.get("set");
  const afterEvents = Number(given.get("kill-after") ?? 0);
  const nodes = Number(given.get("nodes") ?? 0);
  const signal = signals.find((one) => one === given.get("signal")) ?? "SIGINT";
  return {
    stack: file === undefined ? { stack: given.get("stack") ?? "dev" } : { file },
    until: stages.find((stage) => stage === given.get("until")) ?? "destroy",
    kubernetes: kubernetesChoices.find((choice) => choice === given.get("kubernetes")) ?? "memory",
    ...(nodes > 0 ? { nodes } : {}),
    ...(to === undefined ? {} : { change: { to } }),
    ...(set === undefined ? {} : { change: { set } }),
    faults,
    ...(afterEvents > 0 ? { interruption: { afterEvents, signal } } : {}),
    report: given.get("report"),
    json: given.get("json"),
    help,
  };
}

interface Read {
  /** The last value of each option that was given. */
  readonly given: Map<string, string>;
  /** All values of those that may be given more than once. */
  readonly lists: Map<string, string[]>;
  readonly problems: string[];
}

/** The given options with their values, and everything that is wrong with them. */
function read(args: readonly string[]): Read {
  const given = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const problems: string[] = [];
  let unknownBefore = false;

  for (const token of tokensOf(args)) {
    if (token.kind === "option") {
      const name = nameOf(token.name);
      const problem = problemOf(name, token.value, given.has(name));
      if (problem === undefined) {
        given.set(name, token.value ?? "");
        lists.set(name, [...(lists.get(name) ?? []), token.value ?? ""]);
      } else problems.push(`${token.rawName}: ${problem}`);
      unknownBefore = !Object.hasOwn(options, name) && token.value === undefined;
    } else {
      // What follows an unknown option is taken for its value: one mistake is reported once.
      if (token.kind === "positional" && !unknownBefore) {
        problems.push(`${token.value}: stands alone; every argument is an option and its value.`);
      }
      unknownBefore = false;
    }
  }
  return { given, lists, problems: [...problems, ...exclusions(given), ...misfits(given)] };
}

/** parseArgs' own strict mode stops at the first problem, so it only splits here and the table judges. */
function tokensOf(args: readonly string[]) {
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

function nameOf(name: string): string {
  return name === "h" ? "help" : name;
}

function problemOf(name: string, value: string | undefined, again: boolean): string | undefined {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (option === undefined) return `no such option. There are ${listing(Object.keys(options), "and", "--")}.`;
  if (again && option.isList !== true) return "given twice. Keep one.";
  if (option.value === undefined) return value === undefined ? undefined : "takes no value.";
  if (!value) return `needs a value: ${option.example}`;
  if (option.choices && !option.choices.includes(value)) {
    return `"${value}" is not a ${option.value.toLowerCase()}. Use ${listing(option.choices, "or")}.`;
  }
  if (option.isNumber && !/^[1-9]\d{0,6}$/.test(value)) return `"${value}" is no whole number from 1.`;
  return undefined;
}

/** Options that say nothing beside, or without, another. */
function misfits(given: ReadonlyMap<string, string>): string[] {
  const changes = ["to", "set"].filter((name) => given.has(name));
  const besideChange = ["until", "fault", "kill-after"].filter((name) => given.has(name));
  return [
    ...(given.has("from") && changes.length === 0 ? ["--from: says nothing without --to or --set."] : []),
    ...(given.has("from") && given.has("stack")
      ? ["--from, --stack: both name the stack file. Keep one."]
      : []),
    ...changes.flatMap((name) =>
      besideChange.map(
        (other) => `--${name}, --${other}: a change is rehearsed whole, and undisturbed. Keep one.`,
      ),
    ),
    ...(given.has("signal") && !given.has("kill-after")
      ? ["--signal: says nothing without --kill-after N."]
      : []),
  ];
}

function exclusions(given: ReadonlyMap<string, string>): string[] {
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

function refusal(problems: readonly string[]): UserError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new UserError(
    [
      `rehearse: ${count} in the arguments`,
      ...problems.map((problem) => `  ${problem}`),
      `${command} --help shows every option with an example.`,
    ].join("\n"),
  );
}
