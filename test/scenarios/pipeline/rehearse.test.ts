import { afterEach, expect, it } from "vitest";
import { Runner } from "../../support/pipeline/runner.ts";

const rehearse = ["pull-request", "rehearse", "rehearse"] as const;
const runner = new Runner();
afterEach(() => runner.remove());

it("rehearses the stacks that a pull request touches, with their reports as summary and comment", async () => {
  runner.repository = {};
  const values = { STACKS: '["dev"]', GH_TOKEN: "ghs_job", COMMENT_ON: "3" };
  const { code, summary } = await runner.step(rehearse, values);

  expect(code).toBe(0);
  expect(summary).toContain("# Rehearsal passed: stacks/Pulumi.dev.yaml (through destroy)");
  expect(summary).toContain("```mermaid");
  expect(runner.repository["issues/3/comments"]).toMatchObject([
    { body: expect.stringContaining(summary.trim()) },
  ]);
});
