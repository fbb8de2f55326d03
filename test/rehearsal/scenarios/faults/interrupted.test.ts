import { expect, it } from "vitest";
import { broken, converges, leavesNothing, strays } from "../../faults/convergence.ts";
import { interruptedUp } from "../../faults/interruption.ts";
import { replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { pendingOf } from "../../faults/state.ts";
import { devLife } from "./devStack.ts";

/** Every so many events of the engine: each `up` gets so much further than the one before. */
const stride = 25;

it(`The dev stack converges when every up is interrupted by Ctrl-C, ${stride} events later each time`, async () => {
  const life = await devLife();
  for (let afterEvents = stride; ; afterEvents += stride) {
    const { hit, succeeded } = await interruptedUp(life, { afterEvents, signal: "SIGINT" });
    if (!hit) {
      expect(succeeded).toBe(true);
      break;
    }
    expect(pendingOf(await life.engine.deployment())).toEqual([]);
    expect(await strays(life)).toEqual([]);
  }
  await replaceFailedNodeGroups(life);
  expect(broken(await converges(life))).toEqual([]);
  expect(broken(await leavesNothing(life))).toEqual([]);
});

it.each([100, 250, 350])("A destroy leaves nothing after Ctrl-C at event %i", async (afterEvents) => {
  const life = await devLife();
  await interruptedUp(life, { afterEvents, signal: "SIGINT" });
  expect(broken(await leavesNothing(life))).toEqual([]);
});
