import { argumentError, type Command, readArguments } from "../shared/arguments.ts";
import { UserError } from "../shared/errors.ts";

/** `npm run stacks`. */
export const stacksCommand: Command = {
  command: "npm run stacks --",
  name: "stacks",
  about: "Lists the environments of this project from their stack files. Needs no account.",
  options: {
    json: { says: "print JSON", example: "--json" },
  },
  example: "--json",
};

export interface Place {
  /** Folder of the project, which holds `stacks/`. */
  readonly root: string;
  readonly today: Date;
  readonly say: (text: string) => void;
}

/**
 * `npm run stacks`.
 * @returns the exit code: 1 when a stack file has problems, which it has printed
 * @throws UserError when the arguments are wrong or there is no stack file
 */
export async function listStacks(argv: readonly string[], { root, today, say }: Place): Promise<number> {
  const { given, problems } = readArguments(stacksCommand.options, argv);
  if (problems.length > 0) throw argumentError(stacksCommand, problems);
  const { environments } = await import("./environments.ts");
  const all = await environments(root, today);
  if (all.length === 0) {
    throw new UserError("stacks/: there is no stack file. Write one as stacks/Pulumi.NAME.yaml.");
  }
  const { environmentTable } = await import("./environmentTable.ts");
  say(given.has("json") ? JSON.stringify(all, undefined, 2) : environmentTable(all, today));
  return all.some((one) => one.problems.length > 0) ? 1 : 0;
}
