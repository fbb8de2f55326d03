import { expect, it, vi } from "vitest";
import { Rollout } from "../../../simulator/kubernetes/rollout.ts";
import { Activity } from "../../../simulator/world/activity.ts";

it("one rollout runs at a time, and a change that comes meanwhile waits for its end", () => {
  const activity = new Activity();
  const work = vi.spyOn(activity, "after").mockImplementation(() => undefined);
  const rollout = new Rollout(activity);
  const first = { generation: 1, calicoVersion: "v3.32.4" };
  const second = { ...first, generation: 2 };
  const third = { ...second, calicoVersion: "v3.33.1" };
  rollout.roll(first);
  expect(rollout.revision).toEqual(first);
  for (const revision of [second, second, third]) rollout.roll(revision);

  expect(work).toHaveBeenCalledTimes(1);
  work.mock.lastCall?.[1]();
  expect(rollout.revision).toEqual(second);
  rollout.roll(third);
  expect(work).toHaveBeenCalledTimes(2);
  work.mock.lastCall?.[1]();
  expect(rollout.revision).toEqual(third);
});
