import { describe, expect, it } from "vitest";
import {
  growthOf,
  type MeasureData,
  type Run,
  ratioOf,
  rowsOf,
} from "../../../../../infra/commands/measure/comparison.ts";
import { type FigureName, kinds, measurements } from "../../../../../infra/commands/measure/measurements.ts";
import type { Measured } from "../../../../../infra/commands/measure/modes.ts";
import { quantity, report } from "../../../../../infra/commands/measure/report.ts";

const six = [1, 1.01, 0.99, 1, 1.02, 1];

function runs(measurement: string, mode: Measured, figure: FigureName, middle: number): Run[] {
  return six.map((share) => ({
    mode,
    block: 0,
    measurement,
    at: "2026-11-27T20:00:00.000Z",
    values: { [figure]: middle * share },
  }));
}

function data(change: Partial<MeasureData> = {}): MeasureData {
  return {
    version: 2,
    startedAt: "2026-11-27T20:00:00.000Z",
    seconds: 600,
    cluster: {
      name: "dev",
      kubernetesVersion: "v1.35.4",
      calicoVersion: "v3.32.4",
      mtuBytes: 8951,
      encapsulation: "VXLAN",
      nodes: [{ part: "client", name: "ip-a", kernel: "6.12.40" }],
      isOneMachine: false,
      outside: "bastion",
    },
    modes: ["tunnel", "dsr"],
    measured: measurements({ hasThird: true, hasOutside: true, services: [1], only: kinds }).measured,
    leftOut: [],
    runs: [
      ...runs("tcp/replies", "tunnel", "askedShare", 1),
      ...runs("tcp/replies", "dsr", "askedShare", 0.01),
      ...runs("tcp/mtu", "tunnel", "throughput", 5),
      ...runs("tcp/mtu", "dsr", "throughput", 5).toReversed(),
    ],
    ...change,
  };
}

describe("a ratio", () => {
  it("is of runs in pairs, and better where every pair says so", () => {
    expect(ratioOf([2, 2, 4, 2, 2, 2], [1, 1, 1, 1, 1, 2], "higher")).toEqual({
      median: 2,
      low: 1,
      high: 4,
      verdict: "no difference shown",
    });
    expect(ratioOf([2, 2, 4, 2, 2, 3], [1, 1, 1, 1, 1, 2], "higher")).toEqual({
      median: 2,
      low: 1.5,
      high: 4,
      verdict: "better",
    });
  });

  it("is worse where what should be low is higher", () => {
    expect(ratioOf([2, 2, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1], "lower").verdict).toBe("worse");
    expect(ratioOf([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2], "lower").verdict).toBe("better");
  });

  it("of five pairs is not a difference, however large: one of sixteen would be by chance", () => {
    expect(ratioOf([9, 9, 9, 9, 9], [1, 1, 1, 1, 1], "higher").verdict).toBe("too few runs");
    expect(ratioOf([9, 9, 9, 9, 9, 9], [1, 1, 1, 1, 1, 1], "higher").verdict).toBe("better");
  });

  it("leaves out runs without a partner", () => {
    expect(ratioOf([2, 2, 2], [1, 1], "higher").median).toBe(2);
    expect(ratioOf([2, 2], [1, 1, 50], "higher").median).toBe(2);
  });
});

it("rows are every figure in every mode, the first without a ratio", () => {
  expect(rowsOf(data()).map(({ figure, mode, ratio }) => [figure, mode, ratio?.verdict])).toEqual([
    ["throughput", "tunnel", undefined],
    ["throughput", "dsr", "no difference shown"],
    ["askedShare", "tunnel", undefined],
    ["askedShare", "dsr", "better"],
  ]);
});

describe("growth with the number of services", () => {
  const services = [1, 100, 5000];
  const { measured } = measurements({ hasThird: true, hasOutside: true, services, only: kinds });
  const found = (mode: Measured, few: number, many: number) => [
    ...runs("first-packet/1", mode, "connect", few),
    ...runs("first-packet/100", mode, "connect", 9),
    ...runs("first-packet/5000", mode, "connect", many).toReversed(),
  ];
  const grown = data({
    measured,
    modes: ["dsr", "iptables"],
    runs: [...found("dsr", 0.1, 0.11), ...found("iptables", 0.1, 0.3)],
  });

  it("is the ratio of the most to the fewest in each mode, of runs in pairs", () => {
    expect(growthOf(grown).map(({ mode, median }) => [mode, median])).toEqual([
      ["dsr", expect.closeTo(1.1, 2)],
      ["iptables", expect.closeTo(3, 1)],
    ]);
    expect(report(grown)).toContain(
      "- iptables, time to connect, median, ms: with 5,000 services 3.00 (2.97 to 3.03) times as much as with 1\n",
    );
  });

  it("is not reported of one number of services", () => {
    const one = measurements({ hasThird: true, hasOutside: true, services: [1], only: kinds }).measured;

    expect(growthOf(data({ ...grown, measured: one }))).toEqual([]);
    expect(report(data())).not.toContain("## Growth");
  });
});

describe("the report", () => {
  it("gives every figure with its spread, its ratio and its verdict", () => {
    expect(report(data())).toContain(
      "| TCP replies through the NodePort of another node, client outside | reply bytes sent by the node that got the request, share | 1.00 (0.990 to 1.02) | 0.0100 (0.00990 to 0.0102) | 0.0100 (0.0100 to 0.0100), better |",
    );
    expect(report(data())).toContain("| eBPF, Tunnel | eBPF, DSR | eBPF, DSR to eBPF, Tunnel |");
  });

  it("says whom the server saw in each mode", () => {
    const at = "2026-11-27T20:00:00.000Z";
    const seen = { address: "10.40.0.9", whose: "client" } as const;
    const one: Run = { mode: "dsr", block: 1, measurement: "address/other-node", at, values: {}, seen };
    const other: Run = { ...one, mode: "tunnel", seen: { address: "10.40.0.5", whose: "node" } };
    const text = report(data({ runs: [one, one, other] }));

    expect(text).toContain(
      "- source address, NodePort of another node, client outside, eBPF, Tunnel: a node's address instead of the client's, 10.40.0.5\n- source address, NodePort of another node, client outside, eBPF, DSR: the client's own address, 10.40.0.9\n",
    );
    expect(text).not.toContain("## Figures");
  });

  it("says first what one machine cannot show, and only of one machine", () => {
    const { cluster } = data();

    expect(report(data({ cluster: { ...cluster, isOneMachine: true } }))).toContain(
      "All nodes are one machine",
    );
    expect(report(data())).not.toContain("All nodes are one machine");
  });

  it("says on which network the pods are", () => {
    const { cluster } = data();

    expect(report(data())).toContain("Calico v3.32.4, encapsulation VXLAN, MTU of pods 8951;");
    expect(report(data({ cluster: { ...cluster, encapsulation: "None", vpcCni: true } }))).toContain(
      "Calico v3.32.4, pods on the AWS VPC CNI without encapsulation, MTU of pods 8951;",
    );
  });

  it("says that DSR is hidden without a client outside", () => {
    const { cluster } = data();

    expect(report(data({ cluster: { ...cluster, outside: undefined } }))).toContain(
      "DSR shows only to a client",
    );
    expect(report(data({ cluster: { ...cluster, outside: undefined }, modes: ["tunnel"] }))).not.toContain(
      "DSR shows",
    );
  });

  it("says what was not measured, and why", () => {
    const leftOut = [{ id: "x", title: "take in", why: "curl: failed" }];

    expect(report(data({ leftOut }))).toContain("## Not measured\n\n- take in: curl: failed\n");
  });

  it("escapes Markdown in names from the cluster", () => {
    const { cluster } = data();
    const nodes = [{ part: "client", name: "a|b](http://x)<img>", kernel: "6" }];

    expect(report(data({ cluster: { ...cluster, nodes } }))).toContain("a\\|b\\](http://x)\\<img\\>");
  });
});

it.each([
  [25.066, "25.1"],
  [0.06109, "0.0611"],
  [50215.1, "50,200"],
  [4.999, "5.00"],
  [0, "0.00"],
])("the quantity %d is written %s", (value, expected) => {
  expect(quantity(value)).toBe(expected);
});
