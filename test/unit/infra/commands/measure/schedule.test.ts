import { describe, expect, it } from "vitest";
import { blocks, turns } from "../../../../../infra/commands/measure/execute.ts";
import { kinds, measurements } from "../../../../../infra/commands/measure/measurements.ts";

describe("blocks", () => {
  it("go there and back again, the first mode at both ends", () => {
    expect(blocks(["tunnel", "dsr"], 6)).toEqual([
      { mode: "tunnel", repeats: 3 },
      { mode: "dsr", repeats: 6 },
      { mode: "tunnel", repeats: 3 },
    ]);
  });

  it("run every mode as often", () => {
    expect(blocks(["tunnel", "dsr", "iptables"], 5)).toEqual([
      { mode: "tunnel", repeats: 3 },
      { mode: "dsr", repeats: 3 },
      { mode: "iptables", repeats: 5 },
      { mode: "dsr", repeats: 2 },
      { mode: "tunnel", repeats: 2 },
    ]);
  });

  it("are one when there is one mode", () => {
    expect(blocks(["dsr"], 5)).toEqual([{ mode: "dsr", repeats: 5 }]);
  });

  it("do not come back for nothing", () => {
    expect(blocks(["tunnel", "dsr"], 1)).toEqual([
      { mode: "tunnel", repeats: 1 },
      { mode: "dsr", repeats: 1 },
    ]);
  });
});

it("the runs of a block are rounds of all measurements, more services last, the fewest at both ends", () => {
  const { measured } = measurements({ hasThird: true, hasOutside: false, services: [1, 100], only: kinds });

  expect(turns(measured.toReversed(), 2).map(({ id }) => id)).toEqual([
    "take-in",
    "tcp/1440",
    "tcp/mtu",
    "tcp/1440",
    "tcp/mtu",
    "first-packet/1",
    "first-packet/100",
    "first-packet/100",
    "first-packet/1",
  ]);
});

it("a single number of services is measured at a stretch", () => {
  const only = ["first-packet"] as const;
  const { measured } = measurements({ hasThird: true, hasOutside: false, services: [7], only });

  expect(turns(measured, 3).map(({ id }) => id)).toEqual(Array(3).fill("first-packet/7"));
});

it("a thousand services are made in every third round only", () => {
  const { measured } = measurements({ hasThird: false, hasOutside: false, services: [], only: ["take-in"] });

  expect([1, 3, 4, 6].map((repeats) => turns(measured, repeats).length)).toEqual([1, 1, 2, 2]);
});
