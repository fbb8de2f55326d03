import { join } from "node:path";
import { inspect } from "node:util";
import { ownEnvironment } from "../rehearsal/cli/environment.ts";
import { UserError } from "../rehearsal/userError.ts";
import { pipeline } from "./command.ts";

const around = {
  env: ownEnvironment(),
  root: join(import.meta.dirname, "..", ".."),
  say: (text: string) => void process.stdout.write(text),
};

pipeline(process.argv.slice(2), around).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof UserError ? error.message : inspect(error)}\n`);
    process.exitCode = 1;
  },
);
