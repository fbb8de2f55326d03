import { join } from "node:path";
import { inspect } from "node:util";
import { UserError } from "../rehearsal/userError.ts";
import { listStacks } from "./command.ts";

const root = join(import.meta.dirname, "..", "..");
const say = (text: string) => void process.stdout.write(`${text}\n`);

listStacks(process.argv.slice(2), { root, today: new Date(), say }).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof UserError ? error.message : inspect(error)}\n`);
    process.exitCode = 1;
  },
);
