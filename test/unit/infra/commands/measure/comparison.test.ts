import { describe, expect, it } from "vitest";
import { driftOf, type Run, rowsOf } from "../../../../../infra/commands/measure/comparison.ts";
import { measureData, runs } from "./measured.ts";

const id = "requests/outside-other-node-port";
const slow = [2, 2.02, 1.98, 2.01];
const fast = [1, 1.01, 0.99, 1.005];

function verdict(all: readonly Run[]) {
  const rows = rowsOf(measureData({ runs: all }));
  return rows.find(({ mode }) => mode === "dsr")?.verdict;
}

describe("a difference", () => {
  it("is called better or worse by the figure's own sense", () => {
    expect(verdict([...runs(id, "tunnel", "p50", slow), ...runs(id, "dsr", "p50", fast)])).toEqual({
      kind: "better",
    });
    expect(
      verdict([
        ...runs(id, "tunnel", "requestsPerSecond", slow),
        ...runs(id, "dsr", "requestsPerSecond", fast),
      ]),
    ).toEqual({ kind: "worse" });
  });

  it("is not called one when the runs spread more", () => {
    const wide = [1.2, 2.9, 1.9, 2.4];

    expect(verdict([...runs(id, "tunnel", "p50", wide), ...runs(id, "dsr", "p50", slow)])).toEqual({
      kind: "no difference shown",
      why: "spread larger than the difference",
    });
  });

  it("is not called one when there are two runs", () => {
    const two = [...runs(id, "tunnel", "p50", [2, 2.01]), ...runs(id, "dsr", "p50", fast)];

    expect(verdict(two)).toEqual({ kind: "no difference shown", why: "too few runs" });
  });

  it("is not called one when the first mode changed as much by itself", () => {
    const start = runs(id, "tunnel", "p50", [2, 2.01, 1.99], 0);
    const end = (values: readonly number[]) => runs(id, "tunnel", "p50", values, 2);
    const middle = runs(id, "dsr", "p50", [1.9, 1.901, 1.899, 1.9], 1);

    expect(verdict([...start, ...middle, ...end([2, 2.01, 1.99])])).toEqual({ kind: "better" });
    // The first mode's mean is 1.15 times the second's, but it went up by 1.2 times meanwhile.
    expect(verdict([...start, ...middle, ...end([2.4, 2.41, 2.39])])).toEqual({
      kind: "no difference shown",
      why: "drift larger than the difference",
    });
  });

  it("needs more certainty among many comparisons", () => {
    const values = { tunnel: [1, 1.05, 1.1, 1.15], dsr: [1.12, 1.2, 1.22, 1.3] };
    const one = [...runs(id, "tunnel", "p50", values.tunnel), ...runs(id, "dsr", "p50", values.dsr)];
    const many = ["p90", "p99", "requestsPerSecond", "connectionsPerSecond"].flatMap((figure) => [
      ...runs(id, "tunnel", figure as "p90", values.tunnel),
      ...runs(id, "dsr", figure as "p90", values.dsr),
    ]);

    expect(verdict(one)).toEqual({ kind: "worse" });
    expect(verdict([...one, ...many])).toMatchObject({ why: "spread larger than the difference" });
  });
});

describe("drift", () => {
  it("is the first mode's change between its turns, whichever way", () => {
    const key = { measurement: id, mode: "tunnel", figure: "p50" } as const;

    expect(driftOf([...runs(id, "tunnel", "p50", [2], 0), ...runs(id, "tunnel", "p50", [3], 2)], key)).toBe(
      1.5,
    );
    expect(driftOf([...runs(id, "tunnel", "p50", [3], 0), ...runs(id, "tunnel", "p50", [2], 2)], key)).toBe(
      1.5,
    );
    expect(driftOf(runs(id, "tunnel", "p50", [3, 2], 0), key)).toBe(1);
  });
});
