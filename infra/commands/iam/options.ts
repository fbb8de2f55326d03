import { type Command, stackOptions } from "../shared/arguments.ts";
import { accesses } from "./facts/scopes.ts";

/** `npm run iam`. */
export const iamCommand: Command = {
  command: "npm run iam --",
  name: "iam",
  about: "Prints the IAM policies that credentials need for a stack, and no more. No account is needed.",
  options: {
    ...stackOptions,
    for: {
      value: "KIND",
      choices: accesses,
      says: "preview, which reads, or up, which also creates, changes and destroys (default: up)",
      example: "--for preview",
    },
    account: {
      value: "ID",
      says: "the account, where the stack file names none (default: any)",
      example: "--account 111122223333",
    },
    "every-setting": {
      says: "what any settings could ever need: for a stack whose settings are to change",
      example: "--every-setting",
    },
    folder: {
      value: "DIR",
      says: "write each policy to a file in this folder, instead of printing them",
      example: "--folder policies",
    },
  },
  example: "--stack dev --for up",
};
