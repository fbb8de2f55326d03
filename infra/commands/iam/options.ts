import { type Command, stackOptions } from "../shared/arguments.ts";
import { accesses } from "./facts/scopes.ts";

/** `npm run iam`. */
export const iamCommand: Command = {
  command: "npm run iam --",
  name: "iam",
  about: "Prints the least-privilege IAM policies for a stack. Needs no account.",
  options: {
    ...stackOptions,
    for: {
      value: "KIND",
      choices: accesses,
      says: "preview (read only) or up (also create, change and destroy; default)",
      example: "--for preview",
    },
    account: {
      value: "ID",
      says: "the account, if the stack file names none (default: any)",
      example: "--account 111122223333",
    },
    "every-setting": {
      says: "cover all possible settings, for a stack whose settings will change",
      example: "--every-setting",
    },
    folder: {
      value: "DIR",
      says: "write each policy to a file in this directory instead of printing it",
      example: "--folder policies",
    },
  },
  example: "--stack dev --for up",
};
