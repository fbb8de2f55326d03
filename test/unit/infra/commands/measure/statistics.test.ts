import { describe, expect, it } from "vitest";
import { confidenceOfEach, ratioOf, sampleOf } from "../../../../../infra/commands/measure/statistics.ts";

const fast = [9.1, 9.4, 9.2, 9.35, 9.28];
const slow = [8.2, 8.9, 8.4, 8.65, 8.1];

describe("the ratio of two sets of runs", () => {
  // Expected: scipy 1.17.1, ttest_ind(log(a), log(b), equal_var=False) and its confidence_interval, exponentiated.
  it.each([
    [fast, slow, 0.95, [1.0971511882083886, 1.0466272373930843, 1.150114087213447, 0.004056195507032298]],
    [fast, slow, 0.999, [1.0971511882083886, 0.9656238629706594, 1.246593809398907, 0.004056195507032298]],
    [
      [0.31, 0.45, 0.29],
      [0.33, 0.36, 0.3, 0.41, 0.28, 0.39],
      0.95,
      [1.0042304136917395, 0.6133173883849273, 1.6443015360108229, 0.9793668241561628],
    ],
    [
      [100, 101, 99.5, 100.2],
      [80, 140, 95, 120],
      0.99,
      [0.9423718952988409, 0.45755818232217266, 1.9408783917753911, 0.6644893467204479],
    ],
  ])("is scipy's: %j to %j at %d", (values, reference, confidence, expected) => {
    const { ratio, low, high, pValue } = ratioOf(values, reference, confidence) ?? {};

    for (const [index, found] of [ratio, low, high, pValue].entries()) {
      expect(found).toBeCloseTo(expected[index] ?? Number.NaN, 7);
    }
  });

  it("is the inverse when the sides change places", () => {
    const there = ratioOf(fast, slow, 0.95);
    const back = ratioOf(slow, fast, 0.95);

    expect(back?.ratio).toBeCloseTo(1 / (there?.ratio ?? 0), 12);
    expect(back?.low).toBeCloseTo(1 / (there?.high ?? 0), 12);
    expect(back?.pValue).toBeCloseTo(there?.pValue ?? 0, 12);
  });

  it.each([
    ["two runs", [1, 2], slow],
    ["two runs of the reference", fast, [1, 2]],
    ["a value of zero", [0, 1, 2], slow],
    ["a value that is not a number", [Number.NaN, 1, 2], slow],
  ])("is undefined for %s", (_, values, reference) => {
    expect(ratioOf(values, reference, 0.95)).toBeUndefined();
  });

  it("is defined for three runs", () => {
    expect(ratioOf([1, 2, 3], [1, 2, 3], 0.95)).toMatchObject({
      ratio: 1,
      pValue: expect.closeTo(1, 6),
    });
  });

  it("is certain where nothing spreads", () => {
    expect(ratioOf([2, 2, 2], [1, 1, 1], 0.95)).toEqual({ ratio: 2, low: 2, high: 2, pValue: 0 });
    expect(ratioOf([2, 2, 2], [2, 2, 2], 0.95)).toEqual({ ratio: 1, low: 1, high: 1, pValue: 1 });
  });
});

it("each of forty intervals gets a fortieth of the doubt", () => {
  expect(confidenceOfEach(0.95, 40)).toBeCloseTo(0.99875, 12);
  expect(confidenceOfEach(0.95, 1)).toBeCloseTo(0.95, 12);
  expect(confidenceOfEach(0.95, 0)).toBeCloseTo(0.95, 12);
});

describe("repeated runs", () => {
  it("give their middle, their ends and their spread", () => {
    const sample = sampleOf([3, 1, 2, 10]);

    expect(sample).toMatchObject({ count: 4, median: 2.5 });
    expect(sample.spread).toBeCloseTo(1.0206207261596576, 12);
  });

  it("have no spread when there is one", () => {
    expect(sampleOf([7])).toEqual({ count: 1, median: 7, spread: 0 });
  });

  it("give nothing when there are none", () => {
    expect(() => sampleOf([])).toThrow("no values");
  });
});
