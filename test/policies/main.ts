import { inspect } from "node:util";
import { UserError } from "../rehearsal/userError.ts";
import { judgePreview } from "./command.ts";

try {
  process.exitCode = judgePreview(process.argv.slice(2), (text) => void process.stdout.write(`${text}\n`));
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : inspect(error)}\n`);
  process.exitCode = 1;
}
