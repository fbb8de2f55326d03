import { expect, it } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { leavesNothing } from "../../rehearsal/faults/convergence.ts";
import { interruptedUp } from "../../rehearsal/faults/interruption.ts";
import { recover } from "../../rehearsal/faults/recovery.ts";
import { afterPoints } from "../../rehearsal/faults/walk.ts";
import { devLife } from "./devStack.ts";
import { walkThrough } from "./devWalk.ts";

it("The dev stack converges after a kill at the end of every resource's creation", async () => {
  expect((await walkThrough("SIGKILL", "has ended")).left).toEqual([]);
});

it.each([5, 30, 55, 80, 105, 130])("A destroy leaves nothing after a kill at point %i", async (points) => {
  const life = await devLife();
  expect((await interruptedUp(life, "SIGKILL", afterPoints(points))).hit).toBe(true);
  await recover(life);
  expect(broken(await leavesNothing(life))).toEqual([]);
});
