import { UserError } from "../rehearsal/userError.ts";
import type { Command } from "./options.ts";

/** What `--help` prints: each option with its meaning and an example. */
export function usageText({ about, command, options }: Command): string {
  const rows = Object.entries(options).map(([name, { value, says, example }]) => ({
    flag: value === undefined ? `--${name}` : `--${name} ${value}`,
    says,
    example,
  }));
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  return [
    about,
    "",
    `usage: ${command} [options]`,
    "",
    ...rows.map(({ flag, says }) => `  ${flag.padEnd(width)}  ${says}`),
    "",
    "examples:",
    ...rows.map(({ example }) => `  ${command} ${example}`),
  ].join("\n");
}

/** The one error that lists all that is wrong with the arguments. */
export function argumentError({ command, name }: Command, problems: readonly string[]): UserError {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new UserError(
    [
      `${name}: ${count} in the arguments`,
      ...problems.map((problem) => `  ${problem}`),
      `${command} --help shows every option with an example.`,
    ].join("\n"),
  );
}
