import { describe, expect, it } from "vitest";
import { criticalPath, type Event, schedule, totalSeconds } from "../../../rehearsal/timeline/schedule.ts";

function event(id: string, seconds: number, after: string[] = [], afterAny?: string[]): Event {
  return afterAny === undefined ? { id, seconds, after } : { id, seconds, after, afterAny };
}

/** `[start, end]` of every event. */
function times(events: readonly Event[]): Record<string, [number, number]> {
  return Object.fromEntries(
    [...schedule(events)].map(([id, { startSeconds, endSeconds }]) => [id, [startSeconds, endSeconds]]),
  );
}

describe("a schedule", () => {
  it("starts what waits for nothing at once", () => {
    expect(times([event("a", 5), event("b", 3)])).toEqual({ a: [0, 5], b: [0, 3] });
  });

  it("starts an event when the last of those before it has ended", () => {
    expect(times([event("c", 1, ["a", "b"]), event("a", 5), event("b", 3)])).toEqual({
      a: [0, 5],
      b: [0, 3],
      c: [5, 6],
    });
  });

  it("starts an event with the first of those of which one is enough", () => {
    expect(times([event("c", 1, [], ["a", "b"]), event("a", 5), event("b", 3)])["c"]).toEqual([3, 4]);
  });

  it("takes both kinds together", () => {
    const events = [event("d", 1, ["c"], ["a", "b"]), event("a", 5), event("b", 3), event("c", 4)];

    expect(times(events)["d"]).toEqual([4, 5]);
    expect(schedule(events).get("d")?.heldBy).toBe("c");
  });

  it("does not wait for what is not there", () => {
    expect(times([event("a", 1, ["x"], ["y"])])).toEqual({ a: [0, 1] });
  });

  it("does not wait for one of which another, that comes first, is enough", () => {
    // b comes after c, and c after whichever of a and b is first.
    const events = [event("a", 5), event("b", 1, ["c"]), event("c", 1, [], ["b", "a"])];

    expect(times(events)).toEqual({ a: [0, 5], c: [5, 6], b: [6, 7] });
  });

  it("lists the events in the order in which they end", () => {
    expect([...schedule([event("a", 5), event("b", 3), event("c", 1, ["b"])]).keys()]).toEqual([
      "b",
      "c",
      "a",
    ]);
  });

  it("names the cycle in which events wait for one another, and nothing outside it", () => {
    const events = [
      event("before", 1),
      event("outside", 1, ["a"]),
      event("a", 1, ["before", "b"]),
      event("b", 1, ["c"]),
      event("c", 1, [], ["a"]),
    ];

    expect(() => schedule(events)).toThrow(/^circle: a → b → c → a$/);
  });

  it("names a circle past a choice that was made already", () => {
    const events = [
      event("first", 1),
      event("a", 1, ["b"], ["second", "first"]),
      event("b", 1, ["a"]),
      event("second", 1, ["a"]),
    ];

    expect(() => schedule(events)).toThrow(/^circle: a → b → a$/);
  });
});

describe("the critical path", () => {
  it("is the chain that ends last, without what takes no time", () => {
    const all = schedule([
      event("short", 1),
      event("long", 9),
      event("registered", 0, ["long"]),
      event("last", 2, ["registered", "short"]),
      event("parallel", 3),
    ]);

    expect(criticalPath(all).map(({ id }) => id)).toEqual(["long", "last"]);
    expect(totalSeconds(all)).toBe(11);
  });

  it("of nothing is empty", () => {
    expect(criticalPath(schedule([]))).toEqual([]);
    expect(totalSeconds(schedule([]))).toBe(0);
  });
});
