import { expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { stackConfig } from "../../support/stackConfig.ts";

async function messages(preview: boolean): Promise<readonly string[]> {
  const { notes } = await record(program, { config: stackConfig({}), stack: "blue", preview });
  return notes;
}

it("an up names the command that says which node is not ready and why, as its gates do not", async () => {
  expect(await messages(false)).toEqual([
    "To see whether Calico is ready on every node, and where and why not: npm run verify -- --stack blue. The gates wait only where this up changes something, and give no reason when they time out.",
  ]);
});

it("a preview, which waits for nothing, does not", async () => {
  expect(await messages(true)).toEqual([]);
});
