import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";

const closed = {
  network: { natGateway: "None" },
  calico: { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay" },
} as const;
const autoscaling = "ClusterAutoscaler";

describe("without a NAT gateway, charts are refused that pull from elsewhere:", () => {
  it.each([
    ["the Cluster Autoscaler", { autoscaling }],
    ["metrics-server", { metrics: true }],
    ["the Cluster Autoscaler and metrics-server", { autoscaling, metrics: true }],
  ] as const)("%s", (names, settings) => {
    expect(settingsLines({ ...closed, ...settings })).toEqual([
      `charts.registry: no registry is set; network.natGateway is None, so nodes cannot pull ${names} from registry.k8s.io. Mirror the images and set the registry here, or set network.natGateway: Single.`,
    ]);
  });

  it("but not with a mirror, nor where there is a NAT gateway, nor without a chart", () => {
    const charts = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/k8s" };

    expect(settingsLines({ ...closed, autoscaling, metrics: true, charts })).toEqual([]);
    expect(settingsLines({ autoscaling, metrics: true })).toEqual([]);
    expect(settingsLines(closed)).toEqual([]);
  });
});
