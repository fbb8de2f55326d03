import { describe, expect, it } from "vitest";
import { isBurstable, limitOf, warnings } from "../../../../../../infra/commands/measure/honesty/warnings.ts";
import { instance, measureData, runs } from "../measured.ts";

const tcp = "tcp/other-node/mtu";
const at = (gigabits: number, measurement = tcp) =>
  measureData({ runs: runs(measurement, "tunnel", "throughput", [gigabits, gigabits, gigabits]) });

describe("a throughput", () => {
  it("near what EC2 allows one flow is the network's", () => {
    expect(limitOf(at(4.97), tcp)).toBe("what EC2 allows one flow");
    expect(warnings(at(4.97))[0]).toBe(
      "TCP to a pod, other node, the cluster's MTU: at what EC2 allows one flow. The throughput is the network's; compare the processor time.",
    );
  });

  it("near the instance's own bandwidth is the instance's", () => {
    expect(limitOf(at(1.2), tcp)).toBe("the baseline bandwidth of m7i.xlarge");
  });

  it("below every limit, or above one that evidently does not hold, is its own", () => {
    expect(limitOf(at(4.4), tcp)).toBeUndefined();
    expect(limitOf(at(7), tcp)).toBeUndefined();
  });

  it("that is near one by chance is not at it", () => {
    const spread = measureData({ runs: runs(tcp, "tunnel", "throughput", [3.1, 5, 7.2]) });

    expect(limitOf(spread, tcp)).toBeUndefined();
  });

  it("within one node crosses no network", () => {
    expect(limitOf(at(4.97, "tcp/same-node/mtu"), "tcp/same-node/mtu")).toBeUndefined();
  });
});

describe("the reader is warned", () => {
  const { cluster } = measureData();
  const warned = (change: Partial<typeof cluster>) =>
    warnings(measureData({ cluster: { ...cluster, ...change } }));

  it("of nothing when there is nothing to warn of", () => {
    expect(warned({})).toEqual([]);
  });

  it("of a processor on credits", () => {
    expect(
      warned({ instances: [instance({ instanceType: "t4g.medium", burstableProcessor: true })] }),
    ).toEqual(["t4g.medium has a processor on credits: figures change when they are used up."]);
  });

  it("of bandwidth on credits", () => {
    expect(warned({ instances: [instance({ peakGigabits: 12.5 })] })).toEqual([
      "m7i.xlarge has 12.5 Gbit/s for some time and 1.25 Gbit/s after that: figures change with its network credits.",
    ]);
  });

  it("when the bandwidth is not known", () => {
    expect(
      warned({ instances: [instance({ baselineGigabits: undefined, peakGigabits: undefined })] }),
    ).toEqual(["EC2 was not asked for the bandwidth of m7i.xlarge: whether it is the limit is not known."]);
  });

  it("of nodes that differ", () => {
    const nodes = cluster.nodes.map((node, index) => ({ ...node, kernel: `6.12.${index}` }));

    expect(warned({ nodes })).toEqual(["The nodes have different kernels: 6.12.0, 6.12.1, 6.12.2."]);
  });

  it("that DSR cannot show without a client outside", () => {
    expect(warned({ outside: undefined })).toEqual([
      "DSR shows only to a client outside of the cluster, and none was named: a node sends straight to the backend.",
    ]);
  });
});

it.each([
  ["t3.large", true],
  ["t4g.medium", true],
  ["trn1.2xlarge", false],
  ["m7i.large", false],
])("%s has a processor on credits: %s", (instanceType, expected) => {
  expect(isBurstable(instanceType)).toBe(expected);
});
