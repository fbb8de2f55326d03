import { join } from "node:path";
import { inspect } from "node:util";
import { UserError } from "../rehearsal/userError.ts";
import { printPolicies } from "./command.ts";

const root = join(import.meta.dirname, "..", "..");

printPolicies(process.argv.slice(2), root, (text) => void process.stdout.write(`${text}\n`)).catch(
  (error: unknown) => {
    process.stderr.write(`${error instanceof UserError ? error.message : inspect(error)}\n`);
    process.exitCode = 1;
  },
);
