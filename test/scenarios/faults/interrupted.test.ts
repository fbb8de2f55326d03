import { expect, it } from "vitest";
import { broken } from "../../rehearsal/checks.ts";
import { leavesNothing } from "../../rehearsal/faults/convergence.ts";
import { interruptedUp } from "../../rehearsal/faults/interruption.ts";
import { afterPoints } from "../../rehearsal/faults/walk.ts";
import { devLife } from "./devStack.ts";
import { walkThrough } from "./devWalk.ts";

it("The dev stack converges after Ctrl-C at the end of every resource's creation", async () => {
  expect((await walkThrough("SIGINT", "has ended")).left).toEqual([]);
});

it.each([5, 30, 55, 80, 105, 130])("A destroy leaves nothing after Ctrl-C at point %i", async (points) => {
  const life = await devLife();
  expect((await interruptedUp(life, "SIGINT", afterPoints(points))).hit).toBe(true);
  expect(broken(await leavesNothing(life))).toEqual([]);
});
