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
