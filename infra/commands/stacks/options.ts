import type { Command } from "../shared/arguments.ts";

/** `npm run stacks`. */
export const stacksCommand: Command = {
  command: "npm run stacks --",
  name: "stacks",
  about: "Lists the environments of this project, as their stack files ask for them. No account is needed.",
  options: {
    json: { says: "print the same for machines, as JSON", example: "--json" },
  },
  example: "--json",
};
