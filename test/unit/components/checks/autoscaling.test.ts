import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";

const autoscaling = "ClusterAutoscaler";
const closed = { natGateway: false } as const;
const calico = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay" };

describe("the Cluster Autoscaler is refused", () => {
  it("without a way to its image", () => {
    expect(settingsLines({ autoscaling, network: closed, calico })).toEqual([
      "charts.registry: no registry is set; network.natGateway is false, so nodes cannot pull the Cluster Autoscaler from registry.k8s.io. Mirror its image and set the registry here, or set network.natGateway: true.",
    ]);
  });

  it("over pools whose size cannot change", () => {
    const size = { min: 2, desired: 2, max: 2 };

    expect(settingsLines({ autoscaling, nodePools: { a: { size }, b: { size } } })).toEqual([
      "autoscaling: every pool has the same min and max; the Cluster Autoscaler changes a pool's size between them. Raise the max of a pool, or set autoscaling: None.",
    ]);
  });

  it("but not with a mirror, nor over one pool of several that can change", () => {
    const charts = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/k8s" };
    const size = { min: 2, desired: 2, max: 2 };

    expect(settingsLines({ autoscaling, network: closed, calico, charts })).toEqual([]);
    expect(settingsLines({ autoscaling, nodePools: { a: { size }, b: {} } })).toEqual([]);
  });

  it("and fixed pools are accepted without it", () => {
    expect(settingsLines({ nodePools: { a: { size: { min: 2, desired: 2, max: 2 } } } })).toEqual([]);
  });
});
