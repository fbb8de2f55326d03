import { describe, expect, it } from "vitest";
import { autoscalerStatements, autoscalerValues } from "../../../../components/specs/charts.ts";
import { settings } from "../../../support/settings.ts";

describe("the Cluster Autoscaler's chart", () => {
  it.each([
    ["1.34", "v1.34.5"],
    ["1.35", "v1.35.2"],
    ["1.36", "v1.36.1"],
  ])("runs the release for Kubernetes %s", (kubernetesVersion, tag) => {
    expect(autoscalerValues(settings({ cluster: { kubernetesVersion } })).image).toEqual({
      repository: "registry.k8s.io/autoscaling/cluster-autoscaler",
      tag,
    });
  });

  it("finds the pools of this cluster, in its region, from a mirror if there is one", () => {
    const charts = { registry: "registry.example.com/k8s" };

    expect(
      autoscalerValues(settings({ region: "eu-north-1", cluster: { name: "platform" }, charts })),
    ).toEqual({
      fullnameOverride: "cluster-autoscaler",
      cloudProvider: "aws",
      awsRegion: "eu-north-1",
      autoDiscovery: { clusterName: "platform" },
      dnsPolicy: "Default",
      image: { repository: "registry.example.com/k8s/autoscaling/cluster-autoscaler", tag: "v1.35.2" },
      rbac: { serviceAccount: { name: "cluster-autoscaler" } },
    });
  });

  it("may change the size of this cluster's groups only, and read the rest", () => {
    const [read, write] = autoscalerStatements("platform");

    expect(read.actions.filter((action) => !/:(Describe|Get)/.test(action))).toEqual([]);
    expect(write).toEqual({
      effect: "Allow",
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:ResourceTag/k8s.io/cluster-autoscaler/platform": ["owned"] } },
    });
  });
});
