import { describe, expect, it } from "vitest";
import { warnings } from "../../../../../infra/commands/measure/comparison.ts";
import { measureData } from "./measured.ts";

const { cluster, measured } = measureData();
const requests = measured.filter(({ kind }) => kind === "requests");

/** Warnings of a run without throughput, with one change of its cluster. */
function warned(change: Partial<typeof cluster>): string[] {
  return warnings(measureData({ measured: requests, cluster: { ...cluster, ...change } }));
}

function ofType(instanceType: string) {
  return { nodes: cluster.nodes.map((node) => ({ ...node, instanceType })) };
}

describe("the reader is warned", () => {
  it("of nothing when there is nothing to warn of", () => {
    expect(warned({})).toEqual([]);
  });

  it("of the network's own limits where throughput was measured", () => {
    expect(warnings(measureData())).toEqual([
      "EC2 allows one flow 5 Gbit/s, or 10 in a cluster placement group, and each instance type its own bandwidth. A throughput near such a limit is the network's: compare the processor time.",
    ]);
  });

  it.each(["t3.large", "t4g.medium"])("of a processor on credits: %s", (instanceType) => {
    expect(warned(ofType(instanceType))).toEqual([
      `${instanceType} has a processor on credits: figures change when they are used up.`,
    ]);
  });

  it.each(["trn1.2xlarge", "m7i.large"])("of no credits where there are none: %s", (instanceType) => {
    expect(warned(ofType(instanceType))).toEqual([]);
  });

  it.each([
    ["kernel", "kernels"],
    ["zone", "zones"],
    ["instanceType", "instance types"],
  ])("of nodes with a different %s", (field, words) => {
    const nodes = cluster.nodes.map((node, index) => ({ ...node, [field]: `x${index}` }));

    expect(warned({ nodes })).toEqual([`The nodes have different ${words}: x0, x1, x2.`]);
  });

  it("that DSR cannot show without a client outside", () => {
    expect(warned({ outside: undefined })).toEqual([
      "DSR shows only to a client outside the cluster, and --client names none: a node sends straight to the backend.",
    ]);
  });
});
