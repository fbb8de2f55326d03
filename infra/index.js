// The program's entry, which Pulumi starts. JavaScript, so that a Node.js that is too old can say so.
import { RunError } from "@pulumi/pulumi";
import { nodeProblem } from "./needsNode.js";

/** The stack's outputs. */
export default async function program() {
  const problem = nodeProblem();
  if (problem !== undefined) throw new RunError(problem);
  const { chosenProgram } = await import("./chosenProgram.ts");
  return chosenProgram();
}
