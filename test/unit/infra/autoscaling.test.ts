import { describe, expect, it } from "vitest";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { program } from "../../../infra/program.ts";
import { before, find, namesOf } from "../../support/graph.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { autoscaled, karpenter, withoutNat } from "./variants.ts";

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

const withKarpenter = await recorded(karpenter);
const nodeClassType = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass";
const nodePoolType = "kubernetes:karpenter.sh/v1:NodePool";

describe("a stack with Karpenter", () => {
  it("keeps the size of its node groups, and has a NodePool for each pool", () => {
    const group = find(withKarpenter, nodeGroupType, "calico-ebpf-eks-dev-general");

    expect(group.ignoreChanges).toEqual([]);
    expect(namesOf(withKarpenter, nodePoolType)).toEqual(["karpenter-pool-arm", "karpenter-pool-general"]);
    expect(namesOf(withKarpenter, nodeClassType)).toEqual(["karpenter-class-arm", "karpenter-class-general"]);
  });

  it("starts nodes with the node groups' role, subnet and security group, so that they join and Felix may do its work", () => {
    const { inputs } = find(withKarpenter, nodeClassType, "karpenter-class-general");
    const profile = find(withKarpenter, "aws:iam/instanceProfile:InstanceProfile");
    const role = find(withKarpenter, "aws:iam/role:Role", "calico-ebpf-eks-dev-node");
    const template = find(
      withKarpenter,
      "aws:ec2/launchTemplate:LaunchTemplate",
      "calico-ebpf-eks-dev-general",
    );
    const group = find(withKarpenter, nodeGroupType, "calico-ebpf-eks-dev-general");
    const spec = inputs["spec"] as Record<string, readonly { id: string }[]>;

    expect(profile.dependsOn).toContain(role.urn);
    expect(spec["subnetSelectorTerms"]?.map(({ id }) => id)).toEqual(group.inputs["subnetIds"]);
    expect(spec["securityGroupSelectorTerms"]?.map(({ id }) => id)).toEqual(
      template.inputs["vpcSecurityGroupIds"],
    );
  });

  it("deletes its nodes by themselves, before Karpenter, its credentials, the node groups and the ways out", () => {
    const nodePool = find(withKarpenter, nodePoolType, "karpenter-pool-general");
    const nodeClass = find(withKarpenter, nodeClassType, "karpenter-class-general");

    expect([nodePool.deletedWith, nodeClass.deletedWith]).toEqual(["", ""]);
    expect([...before(withKarpenter, nodePool)]).toEqual(
      expect.arrayContaining([
        `${nodeClassType} karpenter-class-general`,
        `${chartType} karpenter`,
        `${associationType} calico-ebpf-eks-dev-karpenter`,
        "aws:iam/rolePolicy:RolePolicy calico-ebpf-eks-dev-karpenter",
        "aws:iam/rolePolicy:RolePolicy calico-ebpf-eks-dev-node-felix",
        "aws:iam/instanceProfile:InstanceProfile calico-ebpf-eks-dev-karpenter",
        `${nodeGroupType} calico-ebpf-eks-dev-general`,
        "aws:ec2/natGateway:NatGateway calico-ebpf-eks-dev-network",
      ]),
    );
  });

  it("reaches the queue by an endpoint where there is no way to the internet", async () => {
    const charts = { registry: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public" };
    const closed = await recorded({ ...withoutNat, ...karpenter, charts });
    const endpoints = namesOf(closed, "aws:ec2/vpcEndpoint:VpcEndpoint");

    expect(endpoints.filter((name) => /-(autoscaling|sqs)$/.test(name))).toEqual([
      "calico-ebpf-eks-dev-network-endpoints-sqs",
    ]);
  });
});

describe("the queue of a stack with Karpenter", () => {
  it("lets events into its queue before there are any", () => {
    const needed = before(withKarpenter, find(withKarpenter, "aws:cloudwatch/eventTarget:EventTarget"));

    expect([...needed]).toContain("aws:sqs/queuePolicy:QueuePolicy calico-ebpf-eks-dev-karpenter");
  });
});

describe("a stack without one", () => {
  it("holds its pools at their size, and has no chart and no role for it", () => {
    expect(find(plain, nodeGroupType).ignoreChanges).toEqual([]);
    expect(namesOf(plain, chartType)).not.toContain("cluster-autoscaler");
    expect(namesOf(plain, associationType)).toEqual([]);
    expect(namesOf(plain, nodePoolType)).toEqual([]);
    expect(namesOf(plain, "aws:sqs/queue:Queue")).toEqual([]);
  });
});
