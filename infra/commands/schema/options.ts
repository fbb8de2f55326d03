import type { Command } from "../shared/arguments.ts";

/** `npm run schema`. */
export const schemaCommand: Command = {
  command: "npm run schema --",
  name: "schema",
  about: "Writes the JSON schema of stack files, with which editors complete and check them.",
  options: {},
  example: "",
};
