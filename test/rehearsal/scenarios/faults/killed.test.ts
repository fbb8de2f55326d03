import { expect, it } from "vitest";
import { broken, converges, leavesNothing, strays } from "../../faults/convergence.ts";
import { afterEvents, interruptedUp } from "../../faults/interruption.ts";
import { recover, replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { typeOf } from "../../faults/state.ts";
import { afterPoints } from "../../faults/walk.ts";
import { devLife } from "./devStack.ts";

/** Every so many events of the engine: each `up` gets so much further than the one before. */
const stride = 25;

it(`The dev stack converges when every up is killed, ${stride} events later each time`, async () => {
  const life = await devLife();
  const inFlight = new Set<string>();
  for (let events = stride; ; events += stride) {
    const { hit, failure, underWay } = await interruptedUp(life, "SIGKILL", afterEvents(events));
    if (!hit) {
      expect(failure).toBeUndefined();
      break;
    }
    const named = (await recover(life)).map(({ urn }) => urn);
    expect(named).toEqual(expect.arrayContaining([...underWay]));
    for (const urn of named) inFlight.add(typeOf(urn));
    expect(await strays(life)).toEqual([]);
  }
  expect(inFlight.size).toBeGreaterThan(3);
  await replaceFailedNodeGroups(life);
  expect(broken(await converges(life))).toEqual([]);
  expect(broken(await leavesNothing(life))).toEqual([]);
});

it.each([5, 30, 55, 80, 105, 130])("A destroy leaves nothing after a kill at point %i", async (points) => {
  const life = await devLife();
  expect((await interruptedUp(life, "SIGKILL", afterPoints(points))).hit).toBe(true);
  await recover(life);
  expect(broken(await leavesNothing(life))).toEqual([]);
});
