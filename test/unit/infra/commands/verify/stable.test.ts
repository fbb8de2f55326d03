import { expect, it } from "vitest";
import type { Outcome } from "../../../../../infra/commands/verify/check.ts";
import { untilStable } from "../../../../../infra/commands/verify/suite.ts";

const { signal } = new AbortController();
const isGood = (outcomes: readonly Outcome[]) => outcomes.every(({ verdict }) => verdict === "passed");

/** Looks that pass or fail in turn; tells how many were made. */
function looks(...passes: readonly boolean[]) {
  let made = 0;
  const look = async () => {
    const passed = passes[made] ?? passes.at(-1) === true;
    made += 1;
    const verdict = passed ? ("passed" as const) : ("failed" as const);
    return { calls: 0, outcomes: [{ name: "one", title: "", verdict, findings: [], seconds: 0 }] };
  };
  return { look, made: () => made };
}

const options = {
  waitMilliseconds: 60_000,
  count: 3,
  isGood,
  onLook: () => {},
  signal,
  pauseMilliseconds: 1,
};

it("looks once where it need not wait", async () => {
  const one = looks(false, true);

  await untilStable(one.look, { ...options, waitMilliseconds: 0, count: 1 });

  expect(one.made()).toBe(1);
});

it("begins to count anew after a look that fails", async () => {
  const one = looks(true, true, false, true, true, true);
  const { outcomes } = await untilStable(one.look, options);

  expect(isGood(outcomes)).toBe(true);
  expect(one.made()).toBe(6);
});

it("ends with the failure when the time is over", async () => {
  const one = looks(false);
  const { outcomes } = await untilStable(one.look, { ...options, waitMilliseconds: 30 });

  expect(isGood(outcomes)).toBe(false);
  expect(one.made()).toBeGreaterThan(1);
});
