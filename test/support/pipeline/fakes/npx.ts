import { appendFileSync, readFileSync } from "node:fs";
import { ownEnvironment } from "../../../../infra/commands/shared/engine/environment.ts";

const env = ownEnvironment();

/**
 * Stands for `npx pulumi`: notes what it was called with in STAND_IN_LOG, and answers as STAND_IN_ANSWERS says: a JSON
 * file of `{ "<first words>": { code, says } }`.
 */
const words = process.argv.slice(2).join(" ");
const answers: Record<string, { code: number; says: string }> = JSON.parse(
  readFileSync(env["STAND_IN_ANSWERS"] ?? "", "utf8"),
);
appendFileSync(env["STAND_IN_LOG"] ?? "", `npx ${words}\n`);
const [, answer] = Object.entries(answers).find(([first]) => words.startsWith(first)) ?? [];
process.stdout.write(`${answer?.says ?? ""}\n`);
process.exitCode = answer?.code ?? 0;
