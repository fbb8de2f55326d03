import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argumentError, readArguments } from "../shared/arguments.ts";
import type { Surroundings } from "../shared/surroundings.ts";
import { schemaCommand } from "./options.ts";
import { schemaFile, stackFileSchema } from "./stackFileSchema.ts";

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
  writeFileSync(join(root, "stacks", schemaFile), stackFileSchema());
  say(`Written: stacks/${schemaFile}`);
  return 0;
}
