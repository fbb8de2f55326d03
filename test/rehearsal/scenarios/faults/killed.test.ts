import { expect, it } from "vitest";
import { broken, converges, leavesNothing, strays } from "../../faults/convergence.ts";
import { interruptedUp } from "../../faults/interruption.ts";
import { recover, replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { typeOf } from "../../faults/state.ts";
import { devLife } from "./devStack.ts";

/** Every so many events of the engine: each `up` gets so much further than the one before. */
const stride = 25;

it(`The dev stack converges when every up is killed, ${stride} events later each time`, async () => {
  const life = await devLife();
  const inFlight = new Set<string>();
  for (let afterEvents = stride; ; afterEvents += stride) {
    const { hit, succeeded } = await interruptedUp(life, { afterEvents, signal: "SIGKILL" });
    if (!hit) {
      expect(succeeded).toBe(true);
      break;
    }
    for (const { urn } of await recover(life)) inFlight.add(typeOf(urn));
    expect(await strays(life)).toEqual([]);
  }
  expect(inFlight.size).toBeGreaterThan(3);
  await replaceFailedNodeGroups(life);
  expect(broken(await converges(life))).toEqual([]);
  expect(broken(await leavesNothing(life))).toEqual([]);
});

it.each([75, 225, 350])("A destroy leaves nothing after a kill at event %i", async (afterEvents) => {
  const life = await devLife();
  await interruptedUp(life, { afterEvents, signal: "SIGKILL" });
  await recover(life);
  expect(broken(await leavesNothing(life))).toEqual([]);
});
