// The program's entry, which Pulumi starts. JavaScript, so that a Node.js that is too old can say so.
import { cacheCompiled, nodeProblem } from "./needsNode.js";

/** The stack's outputs. */
export default async function program() {
  const problem = nodeProblem();
  if (problem !== undefined) {
    const { RunError } = await import("@pulumi/pulumi");
    throw new RunError(problem);
  }
  // Before the SDKs are loaded: compiling them, and stripping the types of this program, is most of what a preview costs.
  cacheCompiled();
  const { chosenProgram } = await import("./chosenProgram.ts");
  return chosenProgram();
}
