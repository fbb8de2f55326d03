import { describe, expect, it } from "vitest";
import { percent, quantity, timeText } from "../../../../../infra/commands/measure/report.ts";

it.each([
  [25.066, "25.1"],
  [0.06109, "0.0611"],
  [50215.1, "50,200"],
  [4.999, "5.00"],
  [0, "0"],
  [123, "123"],
])("the quantity %d is written %s", (value, expected) => {
  expect(quantity(value)).toBe(expected);
});

it.each([
  [0.04, "4 %"],
  [0.0031, "0.3 %"],
  [0, "0 %"],
])("the share %d is written %s", (share, expected) => {
  expect(percent(share)).toBe(expected);
});

describe("time", () => {
  it.each([
    [45, "45 s"],
    [719, "12 min"],
    [7500, "2 h 05 min"],
  ])("of %d s is written %s", (seconds, expected) => {
    expect(timeText(seconds)).toBe(expected);
  });
});
