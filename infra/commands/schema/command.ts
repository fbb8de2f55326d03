import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argumentError, type Command, readArguments, type Surroundings } from "../shared/arguments.ts";

/** `npm run schema`. */
export const schemaCommand: Command = {
  command: "npm run schema --",
  name: "schema",
  about: "Writes the JSON schema of stack files, which editors use to complete and check them.",
  options: {},
  example: "",
};

/**
 * `npm run schema`.
 * @returns the exit code
 */
export async function writeSchema(
  argv: readonly string[],
  { root, say }: Pick<Surroundings, "root" | "say">,
): Promise<number> {
  const { problems } = readArguments(schemaCommand.options, argv);
  if (problems.length > 0) throw argumentError(schemaCommand, problems);
  const { schemaFile, stackFileSchema } = await import("./stackFileSchema.ts");
  writeFileSync(join(root, "stacks", schemaFile), stackFileSchema());
  say(`Written: stacks/${schemaFile}`);
  return 0;
}
