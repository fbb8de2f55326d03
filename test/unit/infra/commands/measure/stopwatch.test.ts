import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { Stopwatch } from "../../../../../infra/commands/measure/execute.ts";

it("our own time is what is left when others are no longer waited for, also in vain", async () => {
  const stopwatch = new Stopwatch();
  expect(await stopwatch.waiting(sleep(60, "found"))).toBe("found");
  await expect(stopwatch.waiting(sleep(60).then(() => Promise.reject(new Error("no"))))).rejects.toThrow(
    "no",
  );
  const before = stopwatch.ownSeconds;
  await sleep(60);

  expect(before).toBeLessThan(0.05);
  expect(stopwatch.ownSeconds - before).toBeGreaterThan(0.05);
  expect(stopwatch.wallSeconds).toBeGreaterThan(0.17);
});
