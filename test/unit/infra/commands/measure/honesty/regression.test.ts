import { describe, expect, it } from "vitest";
import {
  compareRuns,
  differentCircumstances,
} from "../../../../../../infra/commands/measure/honesty/regression.ts";
import type { FigureName } from "../../../../../../infra/commands/measure/plan/figures.ts";
import { comparisonLines } from "../../../../../../infra/commands/measure/reports/comparisonLines.ts";
import { measureData, runs } from "../measured.ts";

const id = "requests/cluster-ip";
const of = (figure: FigureName, values: readonly number[]) =>
  measureData({ modes: ["dsr"], runs: runs(id, "dsr", figure, values) });

function isWorse(figure: FigureName, now: readonly number[], before: readonly number[]): boolean {
  return compareRuns(of(figure, now), of(figure, before), 0.1).some(({ isRegression }) => isRegression);
}

const steady = [1, 1.01, 0.99, 1.005];
const times = (factor: number) => steady.map((value) => value * factor);

describe("a figure got worse", () => {
  it.each([
    ["a latency that is 15 % higher", "p50", 1.15, true],
    ["a latency that is 5 % higher", "p50", 1.05, false],
    ["a latency that is lower", "p50", 0.5, false],
    ["a throughput that is 15 % lower", "throughput", 0.85, true],
    ["a throughput that is 5 % lower", "throughput", 0.95, false],
    ["a throughput that is higher", "throughput", 2, false],
  ] as const)("with %s: %s by %d is %s", (_, figure, factor, expected) => {
    expect(isWorse(figure, times(factor), steady)).toBe(expected);
  });

  it("not when the runs spread so much that it may be chance", () => {
    expect(isWorse("p50", [0.9, 1.6, 1.0, 1.7], [0.8, 1.5, 0.9, 1.2])).toBe(false);
  });

  it("not when there are too few runs to tell", () => {
    expect(isWorse("p50", [9, 9.1], steady)).toBe(false);
  });
});

describe("two runs", () => {
  const now = of("p50", times(1.5));
  const before = of("p50", steady);

  it("are compared in what both have", () => {
    expect(compareRuns(now, of("p90", steady), 0.1)).toEqual([]);
  });

  it("are told by what got worse, and a sum", () => {
    expect(comparisonLines(compareRuns(now, before, 0.1), [], 0.1)).toEqual([
      "worse: HTTP, requests, ClusterIP, eBPF, DSR, latency p50: 1.50 (1.48 to 1.52) times as before",
      "1 figures compared; 1 worse by more than 10 %.",
    ]);
  });

  it("say what differs beside time", () => {
    const { cluster } = before;
    const other = { ...before, cluster: { ...cluster, calicoVersion: "v3.33.1", mtuBytes: 1450 } };

    expect(differentCircumstances(other, before)).toEqual([
      "Calico: v3.32.4 then, v3.33.1 now",
      "MTU of pods: 8951 then, 1450 now",
    ]);
    expect(differentCircumstances(before, before)).toEqual([]);
  });
});
