import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find, namesOf } from "../../support/graph.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { autoscaled, withoutNat } from "./variants.ts";

const recorded = async (changes: SettingsChange) =>
  (await record(program, { config: stackConfig(changes) })).resources;

const resources = await recorded(autoscaled);
const plain = await recorded({});

const chartType = "kubernetes:helm.sh/v4:Chart";
const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

describe("a stack with the Cluster Autoscaler", () => {
  it("leaves the number of nodes to it, and changes nothing else of the node group", () => {
    const group = find(resources, nodeGroupType);

    expect(group.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
    expect(group.inputs).toEqual(find(plain, nodeGroupType).inputs);
  });

  it("installs it with credentials for its service account, once DNS answers", () => {
    const chart = find(resources, chartType, "cluster-autoscaler");

    expect(chart.inputs).toMatchObject({
      chart: "cluster-autoscaler",
      version: "9.59.0",
      namespace: "kube-system",
      repositoryOpts: { repo: "https://kubernetes.github.io/autoscaler" },
    });
    expect(find(resources, associationType).inputs).toMatchObject({
      namespace: "kube-system",
      serviceAccount: "cluster-autoscaler",
    });
    expect([...before(resources, chart)]).toEqual(
      expect.arrayContaining([
        "kubernetes:apps/v1:DeploymentPatch coredns",
        `${associationType} calico-ebpf-eks-dev-autoscaler`,
        "aws:eks/addon:Addon eks-pod-identity-agent",
      ]),
    );
  });

  it("reaches Auto Scaling by an endpoint where there is no way to the internet", async () => {
    const charts = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/k8s" };
    const endpoints = async (changes: SettingsChange) =>
      namesOf(await recorded({ ...withoutNat, ...changes }), "aws:ec2/vpcEndpoint:VpcEndpoint").filter(
        (name) => name.endsWith("-autoscaling"),
      );

    expect(await endpoints({ ...autoscaled, charts })).toHaveLength(1);
    expect(await endpoints({})).toEqual([]);
  });
});

describe("a stack without one", () => {
  it("holds its pools at their size, and has no chart and no role for it", () => {
    expect(find(plain, nodeGroupType).ignoreChanges).toEqual([]);
    expect(namesOf(plain, chartType)).not.toContain("cluster-autoscaler");
    expect(namesOf(plain, associationType)).toEqual([]);
  });
});
