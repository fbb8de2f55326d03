import { afterEach, expect, it } from "vitest";
import type { Check, Finding } from "../../../../../infra/commands/verify/check.ts";
import { checks } from "../../../../../infra/commands/verify/checks/index.ts";
import { judge, verdictOf } from "../../../../../infra/commands/verify/suite.ts";
import { ClusterError } from "../../../../../infra/kubernetes/errors.ts";
import { type FakeApi, listOf, liveAt, startFakeApi } from "./fakeApi.ts";

const check: Check = {
  name: "one",
  title: "one holds",
  source: "a test",
  meaning: "It does not.",
  cure: "Fix it.",
  needs: ["read"],
  run: async () => [{ verdict: "passed", evidence: "seen" }],
};

const node = { metadata: { name: "a" }, spec: {}, status: {} };
let api: FakeApi | undefined;

afterEach(async () => {
  await api?.stop();
  api = undefined;
});

async function judged(change: Partial<Check>, nodes: readonly object[] = [node]) {
  api = await startFakeApi({ "/api/v1/nodes": listOf(...nodes) });
  return judge({ ...check, ...change }, liveAt(api.url));
}

const finding = (verdict: Finding["verdict"]): Finding => ({ verdict, evidence: "" });

it("passes where all that was seen passed", async () => {
  expect(await judged({})).toMatchObject({
    name: "one",
    verdict: "passed",
    findings: [{ evidence: "seen" }],
  });
});

it.each([
  [["passed", "passed"], "passed"],
  [["passed", "unknown"], "unknown"],
  [["unknown", "failed", "passed"], "failed"],
  [[], "unknown"],
] as const)("calls %j %s", (verdicts, verdict) => {
  expect(verdictOf(verdicts.map(finding))).toBe(verdict);
});

it("does not pass a check that found nothing", async () => {
  expect(await judged({ run: async () => [] })).toMatchObject({ verdict: "unknown" });
});

it("reports as unknown what could not be read, with the message of the refusal", async () => {
  const run = async () => {
    throw new ClusterError(403, "this account may not look");
  };

  expect(await judged({ run })).toMatchObject({
    verdict: "unknown",
    findings: [{ verdict: "unknown", evidence: "this account may not look" }],
  });
});

it("does not hide a bug in a check", async () => {
  const run = async () => {
    throw new TypeError("a mistake");
  };

  await expect(judged({ run })).rejects.toThrow("a mistake");
});

it("neither passes nor fails what does not apply, and says why", async () => {
  expect(await judged({ appliesTo: () => "there is no DSR" })).toMatchObject({
    verdict: "not applicable",
    findings: [{ evidence: "there is no DSR" }],
  });
});

it.each(checks.map((one) => [one.name, one] as const))(
  "does not pass %s on an empty cluster",
  async (_, one) => {
    const { verdict } = await judged(one, []);

    expect(["unknown", "failed", "not applicable"]).toContain(verdict);
  },
);
