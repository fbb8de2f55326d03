import type { MeasureData, Run } from "../../../../../infra/commands/measure/comparison.ts";
import type { FigureName } from "../../../../../infra/commands/measure/measurements.ts";
import { measureData, runs } from "./measured.ts";

/** Values about a middle: the same for each call, so that a report can be compared literally. */
function about(middle: number): number[] {
  return [0.99, 1.01, 1, 1.02].map((share) => middle * share);
}

function both(measurement: string, figure: FigureName, tunnel: number, dsr: number): Run[] {
  return [
    ...runs(measurement, "tunnel", figure, about(tunnel)),
    ...runs(measurement, "dsr", figure, about(dsr)),
  ];
}

/** A run with a few figures of every chart. */
export function reported(change: Partial<MeasureData> = {}): MeasureData {
  const other = "requests/outside-other-node-port";
  return measureData({
    runs: [
      ...both("tcp/other-node/mtu", "throughput", 4.97, 4.97),
      ...both("tcp/other-node/1440", "throughput", 2.4, 2.5),
      ...both("tcp/other-node/mtu", "clientProcessor", 0.11, 0.1),
      ...both("tcp/other-node/mtu", "serverProcessor", 0.2, 0.15),
      ...both(other, "p50", 0.9, 0.6),
      ...both(other, "p90", 1.4, 0.9),
      ...both(other, "p99", 3, 2),
      ...both("connections/outside-other-node-port", "connectionsPerSecond", 900, 1200),
      ...both("first-packet/1", "firstPacketP50", 0.31, 0.31),
      ...both("first-packet/100", "firstPacketP50", 0.31, 0.32),
      ...["tunnel", "dsr"].map((mode, block) => ({
        ...(runs("address/outside-other-node-port", "dsr", "p50", [1])[0] as Run),
        mode: mode as "tunnel" | "dsr",
        block,
        values: {},
        seen: { address: "10.40.0.9", whose: "client" as const },
      })),
    ],
    ...change,
  });
}
