import { expect, it } from "vitest";
import { typeOf } from "../../rehearsal/faults/state.ts";
import { walkThrough } from "./devWalk.ts";

it("The dev stack converges after a kill at the beginning of every resource's creation", async () => {
  const { left, inFlight } = await walkThrough("SIGKILL", "begins");
  expect(left).toEqual([]);
  // The kill is a matter of moments: it comes before the cloud has begun, or after it has ended.
  expect(new Set(inFlight.map(({ urn }) => typeOf(urn))).size).toBeGreaterThan(20);
});

it("The dev stack converges after Ctrl-C at the beginning of every resource's creation", async () => {
  expect((await walkThrough("SIGINT", "begins")).left).toEqual([]);
});
