import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdEverything, openRanges } from "../../../../components/values/cidr.ts";

function cidr(first: number, prefix: number): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${prefix}`;
}

/** The block cut into pieces of random sizes that are no smaller than a /13. */
function pieces(first: number, prefix: number): fc.Arbitrary<string[]> {
  const whole = fc.constant<string[]>([cidr(first, prefix)]);
  if (prefix >= 13) return whole;
  const half = 2 ** (31 - prefix);
  const halves = fc
    .tuple(
      fc.constant(0).chain(() => pieces(first, prefix + 1)),
      fc.constant(0).chain(() => pieces(first + half, prefix + 1)),
    )
    .map(([low, high]) => [...low, ...high]);
  return fc.boolean().chain((cut) => (cut ? halves : whole));
}

const shuffled = (cidrs: string[]) => fc.shuffledSubarray(cidrs, { minLength: cidrs.length });

describe("ranges that are open to everyone", () => {
  it("are found in whatever pieces and order the whole is given", () => {
    fc.assert(
      fc.property(pieces(0, 0).chain(shuffled), (cidrs) => {
        expect(openRanges(cidrs)).not.toEqual([]);
        expect(holdEverything(cidrs)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("are anything shorter than a /8, and no /8 however it is cut", () => {
    const octet = fc.constantFrom(1, 8, 16, 44, 100, 200);
    fc.assert(
      fc.property(octet, fc.integer({ min: 0, max: 7 }), (start, prefix) => {
        const first = Math.floor((start * 2 ** 24) / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
        expect(openRanges([cidr(first, prefix)])).toEqual([[cidr(first, prefix)]]);
      }),
    );
    fc.assert(
      fc.property(octet.chain((start) => pieces(start * 2 ** 24, 8)).chain(shuffled), (cidrs) => {
        expect(openRanges(cidrs)).toEqual([]);
        expect(holdEverything(cidrs)).toBe(false);
      }),
    );
  });

  it("are not private ones next to a public one", () => {
    expect(openRanges(["10.0.0.0/8", "11.0.0.0/8"])).toEqual([]);
    expect(openRanges(["8.0.0.0/8", "9.0.0.0/8"])).toEqual([["8.0.0.0/8", "9.0.0.0/8"]]);
    expect(openRanges([])).toEqual([]);
    expect(holdEverything([])).toBe(false);
  });
});
