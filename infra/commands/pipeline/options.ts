import type { Command } from "../shared/arguments.ts";

/** The steps of the workflows' jobs. */
export const steps = [
  "touched",
  "all",
  "rehearse",
  "require",
  "explain-credentials",
  "login",
  "preview",
  "up",
  "drift",
] as const;
export type Step = (typeof steps)[number];

/** `npm run pipeline`. A step's inputs are in its environment, where no shell interprets them. */
export const pipelineCommand: Command = {
  command: "npm run pipeline --",
  name: "pipeline",
  about: "Runs one step of the workflows in .github/workflows; docs/ci.md lists what each needs.",
  options: {
    step: { value: "STEP", choices: steps, says: `one of ${steps.join(", ")}`, example: "--step touched" },
  },
  example: "--step touched",
};
