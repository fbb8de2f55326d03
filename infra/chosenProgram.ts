import { type ExistingOutputs, existingProgram } from "./existing/program.ts";
import type { Outputs } from "./outputs.ts";
import { program } from "./program.ts";
import { asksForExisting } from "./settings.ts";

/** What `pulumi up` runs: the program for a cluster of our own, or for one that is there. */
export function chosenProgram(): Promise<ExistingOutputs | Outputs> {
  return asksForExisting() ? existingProgram() : program();
}
