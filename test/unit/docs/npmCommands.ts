/// <reference types="vite/client" />
import type { Command } from "../../../infra/commands/shared/arguments.ts";

/** Every command of this project that has a table of options, by the name of its npm script. */
export const commands: ReadonlyMap<string, Command> = new Map(
  Object.values(
    import.meta.glob(
      [
        "../../../infra/commands/*/options.ts",
        "../../../infra/commands/*/command.ts",
        "../../rehearsal/options.ts",
      ],
      {
        eager: true,
      },
    ),
  )
    .flatMap((module) => Object.values(module as Record<string, unknown>))
    .filter(isCommand)
    .map((one) => [one.command.split(" ")[2] ?? "", one]),
);

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "command" in value && "options" in value;
}

/** A use of `npm run` in a document. */
export interface Use {
  readonly script: string;
  /** Options that stand behind `--`, without dashes. */
  readonly options: readonly string[];
}

/** Uses of `npm run` in a line of code. */
export function usesOf(line: string): Use[] {
  const bare = line.replace(/(^|\s)#\s.*$/, "");
  return bare.split(/&&|\||;/).flatMap((part) => {
    const [, script, rest = ""] = /npm run (?:-s |--silent )?([\w:-]+)(.*)/.exec(part) ?? [];
    if (script === undefined) return [];
    const [, behind = ""] = rest.split(/\s--(?=\s|$)/);
    const options = [...behind.matchAll(/(?:^|\s)--([\w-]+)/g)].map(([, name = ""]) => name);
    return [{ script, options }];
  });
}

/** What is wrong with a use, in a line; undefined: nothing. */
export function problemOf({ script, options }: Use, scripts: readonly string[]): string | undefined {
  if (!scripts.includes(script)) return `npm run ${script}: there is no such script`;
  const command = commands.get(script);
  const unknown = options.filter((name) => name !== "help" && !Object.hasOwn(command?.options ?? {}, name));
  return unknown.length === 0 ? undefined : `npm run ${script}: no option --${unknown.join(", --")}`;
}
