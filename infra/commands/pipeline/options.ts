import type { Command } from "../shared/arguments.ts";

/** What a job of the workflows can ask for. */
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

/** `npm run pipeline`. What a step works on is in its environment, where no shell reads it. */
export const pipelineCommand: Command = {
  command: "npm run pipeline --",
  name: "pipeline",
  about: "One step of the workflows in .github/workflows; docs/ci.md says what each needs.",
  options: {
    step: { value: "STEP", choices: steps, says: `one of ${steps.join(", ")}`, example: "--step touched" },
  },
  example: "--step touched",
};
