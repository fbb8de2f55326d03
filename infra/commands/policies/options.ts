import type { Command } from "../shared/arguments.ts";

/** `npm run policies`. */
export const policiesCommand: Command = {
  command: "npm run policies --",
  name: "policies",
  about: "Checks a preview against the policies of infra/policies. Needs no account and no Pulumi CLI.",
  options: {
    preview: {
      value: "FILE",
      says: "the output of `pulumi preview --json --show-sames`",
      example: "--preview preview.json",
    },
    "require-tag": {
      value: "KEY",
      isList: true,
      says: "a tag that every resource must have, in addition to the cluster's; repeatable",
      example: "--preview preview.json --require-tag team --require-tag cost-center",
    },
    "open-port": {
      value: "PORT",
      isNumber: true,
      isList: true,
      says: "a port that may be open to 0.0.0.0/0; repeatable",
      example: "--preview preview.json --open-port 443",
    },
  },
  example: "--preview preview.json --require-tag team",
};
