/** A use of the CLI in a document. */
export interface PulumiUse {
  /** As it is written, for people. */
  readonly text: string;
  /** Words before the first flag or value: `["stack", "init"]`, and perhaps an argument. */
  readonly words: readonly string[];
  /** Flags as written: `--stack`, `-s`. */
  readonly flags: readonly string[];
}

/** Uses of `pulumi` in a line of code. */
export function pulumiUsesOf(line: string): PulumiUse[] {
  const bare = line.replace(/(^|\s)#\s.*$/, "");
  return bare.split(/&&|\||;|>|\$\(/).flatMap((part) => {
    const [, rest] = /(?:^|\s|")(?:npx )?pulumi ((?:[a-z-]).*)/.exec(part) ?? [];
    if (rest === undefined) return [];
    const tokens = rest.trim().split(/\s+/);
    const end = tokens.findIndex((token) => !/^[a-z][a-z-]*$/.test(token));
    const flags = tokens.flatMap((token) => /^(--[a-z][\w-]*|-[a-zA-Z])(?==|$)/.exec(token)?.[1] ?? []);
    return [{ text: `pulumi ${rest.trim()}`, words: end === -1 ? tokens : tokens.slice(0, end), flags }];
  });
}

/** Asks the CLI for its help; undefined: it has no such command. */
export type AskHelp = (words: readonly string[]) => Promise<string | undefined>;

/** What is wrong with a use, in a line; undefined: nothing. */
export async function pulumiProblem(
  { text, words, flags }: PulumiUse,
  ask: AskHelp,
): Promise<string | undefined> {
  const [first, second] = words;
  if (first === undefined) return undefined;
  const outer = await ask([first]);
  if (outer === undefined) return `${text}: there is no command ${first}`;
  const inner = second === undefined ? undefined : await ask([first, second]);
  const isNested = inner !== undefined && depthOf(inner) > depthOf(outer);
  if (second !== undefined && !isNested && outer.includes("[command]")) {
    return `${text}: ${first} has no command ${second}`;
  }
  const help = isNested ? inner : outer;
  const unknown = flags.filter(
    (flag) => !new RegExp(`(^|[\\s,])${flag}(?![\\w-])`, "m").test(optionsIn(help)),
  );
  return unknown.length === 0 ? undefined : `${text}: no flag ${unknown.join(", ")}`;
}

/** Words of the command that a help text is about. */
function depthOf(help: string): number {
  const [, path = ""] = /^Usage:\n {2}pulumi((?: [a-z][a-z-]*)*)/m.exec(help) ?? [];
  return path.trim().split(" ").filter(Boolean).length;
}

function optionsIn(help: string): string {
  return help
    .split("\n")
    .filter((line) => /^\s+-/.test(line))
    .map((line) => line.slice(0, 45))
    .join("\n");
}
