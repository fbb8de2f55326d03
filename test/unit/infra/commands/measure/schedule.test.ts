import { describe, expect, it } from "vitest";
import { measurements } from "../../../../../infra/commands/measure/measurements.ts";
import { blocks, estimate, type Lengths, turns } from "../../../../../infra/commands/measure/schedule.ts";

const lengths: Lengths = {
  throughputSeconds: 30,
  requestSeconds: 10,
  warmUpSeconds: 2,
  firstPackets: 200,
  firstPacketsPerSecond: 20,
};
const { measured } = measurements({ nodes: 2, hasOutside: false, services: [1, 100] });

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

describe("the runs of a block", () => {
  it("are rounds of all measurements, those that need more services last", () => {
    const two = measured.filter(({ id }) => /^(tcp\/same-node\/mtu|requests|first)/.test(id));

    expect(turns(two, 2).map(({ measurement, services }) => [measurement.id, services])).toEqual([
      ["tcp/same-node/mtu", 0],
      ["requests/cluster-ip", 0],
      ["requests/node-port", 0],
      ["tcp/same-node/mtu", 0],
      ["requests/cluster-ip", 0],
      ["requests/node-port", 0],
      ["first-packet/1", 1],
      ["first-packet/1", 1],
      ["first-packet/100", 100],
      ["first-packet/100", 100],
    ]);
  });
});

describe("the estimate", () => {
  it("counts every run, its start, the services and every switch", () => {
    const one = measured.filter(({ id }) => ["tcp/same-node/mtu", "first-packet/100"].includes(id));
    const given = { measured: one, lengths, nodes: 2, home: "dsr" } as const;

    // A run of each: 33 s and 11 s; making and removing 100 services: 4 s.
    expect(estimate({ ...given, blocks: blocks(["dsr"], 2) })).toEqual({ seconds: 92, switchingSeconds: 0 });
    // Three blocks; four switches of 65 s: to tunnel, to dsr, to tunnel, and home.
    expect(estimate({ ...given, blocks: blocks(["tunnel", "dsr"], 2) })).toEqual({
      seconds: 4 * 44 + 3 * 4 + 260,
      switchingSeconds: 260,
    });
  });
});
