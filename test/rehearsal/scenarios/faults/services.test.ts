import { describe, expect, it } from "vitest";
import { broken, converges, leavesNothing } from "../../faults/convergence.ts";
import { replaceFailedNodeGroups } from "../../faults/recovery.ts";
import { devLife, untilSuccess } from "./devStack.ts";

describe("The dev stack converges", () => {
  it("while AWS throttles a tenth of all calls, with no failure at all", async () => {
    const life = await devLife({ weather: { throttledShare: 0.1, seed: "a tenth" } });

    expect(broken(await converges(life))).toEqual([]);
    expect(broken(await leavesNothing(life))).toEqual([]);
  });

  it("after the API server was away for 20 s, time and again", async () => {
    const atCalls = Array.from({ length: 30 }, (_, index) => 1 + 2 * index);
    const life = await devLife({ weather: { apiServerAway: { atCalls, seconds: 20 } } });

    expect(await untilSuccess(() => life.engine.up())).toBeGreaterThan(1);
    await replaceFailedNodeGroups(life);
    expect(broken(await converges(life))).toEqual([]);
    expect(broken(await leavesNothing(life))).toEqual([]);
  });
});
