import { describe, expect, it } from "vitest";
import { type Figure, figureLine, isWithin, lower } from "../../bench/measure.ts";

const ratio: Figure = { name: "a ÷ b", found: 1.4, limit: 1.45, unit: "", detail: "why" };
const time: Figure = { name: "rehearsal", found: 3600, unit: " s", detail: "why" };

describe("figures of the benchmark", () => {
  it("fail above their limit, and not at it", () => {
    expect(isWithin({ ...ratio, found: 1.45 })).toBe(true);
    expect(isWithin({ ...ratio, found: 1.46 })).toBe(false);
  });

  it("never fail for a time, however long", () => {
    expect(isWithin(time)).toBe(true);
  });

  it("show a limit where there is one", () => {
    expect([ratio, { ...ratio, found: 2 }, time].map(figureLine)).toEqual([
      "✓ a ÷ b: 1.40 (at most 1.45) — why",
      "✗ a ÷ b: 2.00 (at most 1.45) — why",
      "- rehearsal: 3600.00 s — why",
    ]);
  });

  it("are the lower of two measurements, each by its name", () => {
    const memory: Figure = { name: "memory", found: 1, limit: 2, unit: " GiB", detail: "why" };

    expect(
      lower(
        [ratio, memory],
        [
          { ...memory, found: 3 },
          { ...ratio, found: 1.2 },
        ],
      ),
    ).toEqual([{ ...ratio, found: 1.2 }, memory]);
  });

  it("cannot give a time a limit", () => {
    // @ts-expect-error a time that is judged does not compile
    const judged: Figure = { ...time, limit: 60 };

    expect(judged.unit).toBe(" s");
  });
});
