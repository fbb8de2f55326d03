import type { Options } from "./arguments.ts";

/** The options by which a command that needs no backend is told its stack file. */
export const stackOptions = {
  stack: {
    value: "NAME",
    says: "the stack file stacks/Pulumi.NAME.yaml (default: dev)",
    example: "--stack prod",
  },
  "stack-file": {
    value: "FILE",
    excludes: "stack",
    says: "a stack file anywhere; instead of --stack",
    example: "--stack-file ./Pulumi.trial.yaml",
  },
} as const satisfies Options;
