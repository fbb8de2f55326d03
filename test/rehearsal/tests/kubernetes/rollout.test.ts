import { expect, it, vi } from "vitest";
import { Rollout } from "../../kubernetes/rollout.ts";
import { Activity } from "../../world/activity.ts";

it("one rollout runs at a time, and a change that comes meanwhile waits for its end", () => {
  const activity = new Activity();
  const work = vi.spyOn(activity, "after").mockImplementation(() => undefined);
  const rollout = new Rollout(activity);
  rollout.roll(1);
  expect(rollout.generation).toBe(1);
  for (const generation of [2, 2, 3]) rollout.roll(generation);

  expect(work).toHaveBeenCalledTimes(1);
  work.mock.lastCall?.[1]();
  expect(rollout.generation).toBe(2);
  rollout.roll(3);
  expect(work).toHaveBeenCalledTimes(2);
  work.mock.lastCall?.[1]();
  expect(rollout.generation).toBe(3);
});
