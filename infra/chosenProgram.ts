import { describeAddonSchema } from "./addonSchemas.ts";
import type { ExistingOutputs } from "./existing/program.ts";
import type { Outputs } from "./outputs.ts";
import { program } from "./program.ts";
import { warnOfUnready } from "./readiness.ts";
import { asksForExisting } from "./settings.ts";

/** What `pulumi up` runs: the program that creates a cluster, or the one that adopts an existing cluster. */
export async function chosenProgram(): Promise<ExistingOutputs | Outputs> {
  if (!asksForExisting()) return program(warnOfUnready, describeAddonSchema);
  // Only here: most stacks do without it.
  const { existingProgram } = await import("./existing/program.ts");
  return existingProgram();
}
