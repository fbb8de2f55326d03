import { expect, it } from "vitest";
import { broken, converges, leavesNothing, strays } from "../../faults/convergence.ts";
import { afterEvents, interruptedUp } from "../../faults/interruption.ts";
import { replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { pendingOf } from "../../faults/state.ts";
import { afterPoints } from "../../faults/walk.ts";
import { devLife } from "./devStack.ts";

/** Every so many events of the engine: each `up` gets so much further than the one before. */
const stride = 25;

it(`The dev stack converges when every up is interrupted by Ctrl-C, ${stride} events later each time`, async () => {
  const life = await devLife();
  for (let events = stride; ; events += stride) {
    const { hit, failure } = await interruptedUp(life, "SIGINT", afterEvents(events));
    if (!hit) {
      expect(failure).toBeUndefined();
      break;
    }
    expect(pendingOf(await life.engine.deployment())).toEqual([]);
    expect(await strays(life)).toEqual([]);
  }
  await replaceFailedNodeGroups(life);
  expect(broken(await converges(life))).toEqual([]);
  expect(broken(await leavesNothing(life))).toEqual([]);
});

it.each([5, 30, 55, 80, 105, 130])("A destroy leaves nothing after Ctrl-C at point %i", async (points) => {
  const life = await devLife();
  expect((await interruptedUp(life, "SIGINT", afterPoints(points))).hit).toBe(true);
  expect(broken(await leavesNothing(life))).toEqual([]);
});
