import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../../infra/commands/pipeline/run.ts";
import { ownEnvironment } from "../../../infra/commands/shared/engine/environment.ts";
import { actionlint } from "../../toolchain/checkingTools.ts";

const project = join(import.meta.dirname, "..", "..", "..");
let file = "";
let elsewhere = "";

beforeAll(async () => {
  file = await actionlint((line) => void process.stdout.write(`${line}\n`));
  elsewhere = mkdtempSync(join(tmpdir(), "actionlint-"));
});

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

/** Shell scripts are looked at by our own tests, which run them; a machine's shellcheck must make no difference. */
const lint = (root: string) =>
  run(file, ["-no-color", "-shellcheck=", "-pyflakes="], { env: ownEnvironment(), root, say: () => {} });

it("finds nothing to say about the workflows of this project", async () => {
  expect(await lint(project)).toEqual({ code: 0, output: "" });
});

it("finds a misspelt context in another project's", async () => {
  mkdirSync(join(elsewhere, ".git"));
  mkdirSync(join(elsewhere, ".github", "workflows"), { recursive: true });
  writeFileSync(
    join(elsewhere, ".github", "workflows", "wrong.yml"),
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    if: githbu.actor == 'me'\n    steps:\n      - run: ls\n",
  );

  expect(await lint(elsewhere)).toMatchObject({
    code: 1,
    output: expect.stringContaining('undefined variable "githbu"'),
  });
});
