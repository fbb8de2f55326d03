import { expect, it } from "vitest";
import { lossFigures } from "./losses.ts";

const alive = { alive: true, longestGapSeconds: 0.1 };
const dead = { alive: false, longestGapSeconds: 9, end: "Error: closed", endedAtSeconds: 7 };

it("counts nothing lost where nothing was", () => {
  expect(lossFigures({ long: [alive, alive], succeeded: 100, failedAtSeconds: [] })).toEqual({
    longAlive: 2,
    longOf: 2,
    pauseSeconds: 0.1,
    newFailed: 0,
    newOf: 100,
    outageSeconds: 0,
  });
});

it("takes the longest pause of those that lived, and the time from the first failure to the last", () => {
  const paused = { ...alive, longestGapSeconds: 13 };
  expect(lossFigures({ long: [paused, dead, alive], succeeded: 97, failedAtSeconds: [8.5, 5.5, 6] })).toEqual(
    { longAlive: 2, longOf: 3, pauseSeconds: 13, newFailed: 3, newOf: 100, outageSeconds: 3 },
  );
});

it("has no pause where none lived", () => {
  expect(lossFigures({ long: [dead], succeeded: 0, failedAtSeconds: [1] })).toMatchObject({
    longAlive: 0,
    pauseSeconds: 0,
    outageSeconds: 0,
  });
});
