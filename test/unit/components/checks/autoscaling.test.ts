import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";

const autoscaling = "ClusterAutoscaler";

describe("the Cluster Autoscaler is refused", () => {
  it("over pools whose size cannot change", () => {
    const size = { min: 2, desired: 2, max: 2 };

    expect(settingsLines({ autoscaling, nodePools: { a: { size }, b: { size } } })).toEqual([
      "autoscaling: every pool has the same min and max; the Cluster Autoscaler changes a pool's size between them. Raise the max of a pool, or set autoscaling: None.",
    ]);
  });

  it("but not over one pool of several that can change", () => {
    const size = { min: 2, desired: 2, max: 2 };

    expect(settingsLines({ autoscaling, nodePools: { a: { size }, b: {} } })).toEqual([]);
  });

  it("and fixed pools are accepted without it", () => {
    expect(settingsLines({ nodePools: { a: { size: { min: 2, desired: 2, max: 2 } } } })).toEqual([]);
  });
});

describe("Karpenter is refused", () => {
  const karpenter = { autoscaling: "Karpenter" } as const;

  it("over pools that have no room above desired", () => {
    const size = { min: 1, desired: 3, max: 3 };

    expect(settingsLines({ ...karpenter, nodePools: { a: { size }, b: { size } } })).toEqual([
      "autoscaling: every pool has as many nodes as its max; Karpenter starts a pool's nodes above desired, up to max. Raise the max of a pool, or set autoscaling: None.",
    ]);
    expect(settingsLines({ ...karpenter, nodePools: { a: { size }, b: {} } })).toEqual([]);
  });

  it.each([
    ["karpenter.sh/capacity-type", "label"],
    ["sub.karpenter.k8s.aws/x", "label"],
    ["kubernetes.io/hostname", "label"],
  ])("with a label that its NodePool does not accept: %s", (key) => {
    const labels = { [key]: "x" };

    expect(settingsLines({ ...karpenter, nodePools: { a: { labels } } })).toEqual([
      `nodePools.a.labels["${key}"]: the label is reserved; Karpenter sets it itself, and its NodePool does not accept it. Use another key, or set autoscaling: ClusterAutoscaler or None.`,
    ]);
    expect(settingsLines({ nodePools: { a: { labels } } })).toEqual([]);
  });

  it.each(["example.com/karpenter.sh", "notkarpenter.sh/x", "node.kubernetes.io/role"])(
    "but not with the label %s",
    (key) => {
      expect(settingsLines({ ...karpenter, nodePools: { a: { labels: { [key]: "x" } } } })).toEqual([]);
    },
  );

  it("with a tag by which it finds its instances", () => {
    const tags = { "kubernetes.io/cluster/other": "owned", "karpenter.sh/nodepool": "x", team: "net" };

    expect(settingsLines({ ...karpenter, tags })).toEqual([
      'tags["kubernetes.io/cluster/other"]: the tag is reserved; Karpenter finds its instances by it, and its EC2NodeClass does not accept it. Use another key.',
      'tags["karpenter.sh/nodepool"]: the tag is reserved; Karpenter finds its instances by it, and its EC2NodeClass does not accept it. Use another key.',
    ]);
    expect(settingsLines({ tags })).toEqual([]);
  });

  it("with a release of another Kubernetes version, which its nodes would not have", () => {
    expect(
      settingsLines({ ...karpenter, nodePools: { a: { release: "1.34.9-20260714" } } }).map(
        (line) => line.split(";")[0],
      ),
    ).toEqual(["nodePools.a.release: 1.34.9-20260714 is for Kubernetes 1.34"]);
    expect(settingsLines({ ...karpenter, nodePools: { a: { release: "1.35.6-20260714" } } })).toEqual([]);
  });
});
