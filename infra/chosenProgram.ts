import type { ExistingOutputs } from "./existing/program.ts";
import type { Outputs } from "./outputs.ts";
import { program } from "./program.ts";
import { warnOfUnready } from "./readiness.ts";
import { asksForExisting } from "./settings.ts";

/** What `pulumi up` runs: the program for a cluster of our own, or for one that is there. */
export async function chosenProgram(): Promise<ExistingOutputs | Outputs> {
  if (!asksForExisting()) return program(warnOfUnready);
  // Only here: most stacks do without it.
  const { existingProgram } = await import("./existing/program.ts");
  return existingProgram();
}
