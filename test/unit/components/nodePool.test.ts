import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { NodePools } from "../../../components/nodePool.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, namesOf, registered, topLevel, untagged } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";
import { released, type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const tags = { team: "net" };
const templateType = "aws:ec2/launchTemplate:LaunchTemplate";
const groupType = "aws:eks/nodeGroup:NodeGroup";

const nodePools = (pools: SettingsChange["nodePools"] = { default: {} }, releases?: Record<string, string>) =>
  record(
    () =>
      new NodePools("dev", {
        clusterName: "calico-ebpf-eks-dev",
        kubernetesVersion: "1.35",
        pools: released(settings({ nodePools: pools }).nodePools, releases),
        roleArn: "arn:aws:iam::111122223333:role/node",
        subnetIds: ["subnet-1"],
        securityGroupId: "sg-node",
        autoscaled: false,
        after: [new Stub("way-out"), new Stub("policy"), new Stub("rule"), new Stub("endpoint")],
        tags,
      }),
  );

type Pool = NonNullable<SettingsChange["nodePools"]>[string];

const onePool = async (pool: Pool) => {
  const { resources } = await nodePools({ default: pool });
  return { template: find(resources, templateType).inputs, group: find(resources, groupType).inputs };
};

const decoded = (userData: unknown) => Buffer.from(String(userData), "base64").toString("utf8");

const { resources, result } = await nodePools();

describe("NodePools", () => {
  it("registers a launch template and a node group for the default pool", () => {
    expect(registered(resources)).toEqual([
      "aws:ec2/launchTemplate:LaunchTemplate dev-default",
      "aws:eks/nodeGroup:NodeGroup dev-default",
      "calico-ebpf-eks:index:NodePool dev-default",
      "calico-ebpf-eks:index:NodePools dev",
    ]);
  });

  it("is the parent of all of them, and tags them", () => {
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:NodePools dev"]);
    expect(untagged(resources, tags)).toEqual([]);
  });

  it("starts instances without pods' reach to their credentials, encrypted, tagged, behind our group only", () => {
    const { userData, ...inputs } = find(resources, templateType).inputs;
    const named = { team: "net", Name: "dev-default" };

    expect(inputs).toEqual({
      namePrefix: "dev-default-",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { encrypted: "true", volumeSize: 20, volumeType: "gp3", deleteOnTermination: "true" },
        },
      ],
      vpcSecurityGroupIds: ["sg-node"],
      tagSpecifications: [
        { resourceType: "instance", tags: named },
        { resourceType: "volume", tags: named },
        { resourceType: "network-interface", tags: named },
      ],
      updateDefaultVersion: true,
      tags: named,
    });
  });

  it("configures AL2023 through nodeadm, with the pods that Calico can serve", () => {
    expect(decoded(find(resources, templateType).inputs["userData"])).toBe(
      [
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="node-config"',
        "",
        "--node-config",
        "Content-Type: application/node.eks.aws",
        "",
        "apiVersion: node.eks.aws/v1alpha1",
        "kind: NodeConfig",
        "spec:",
        "  kubelet:",
        '    maxPodsExpression: "110"',
        "    config:",
        "      maxPods: 110",
        "",
        "--node-config--",
        "",
      ].join("\n"),
    );
  });

  it("makes a managed node group of it, without SSH, with node repair and a third at most unavailable", () => {
    expect(find(resources, groupType).inputs).toEqual({
      clusterName: "calico-ebpf-eks-dev",
      nodeRoleArn: "arn:aws:iam::111122223333:role/node",
      subnetIds: ["subnet-1"],
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 4 },
      version: "1.35",
      releaseVersion: "1.35.6-20260714",
      launchTemplate: { id: "dev-default-id", version: "1" },
      labels: {},
      taints: [],
      updateConfig: { maxUnavailablePercentage: 33 },
      nodeRepairConfig: { enabled: true },
      tags: { team: "net", Name: "dev-default" },
    });
  });

  it("starts nodes after everything that they need", () => {
    expect(dependenciesOf(resources, find(resources, groupType))).toEqual([
      "aws:ec2/launchTemplate:LaunchTemplate dev-default",
      "test:index:Stub endpoint",
      "test:index:Stub policy",
      "test:index:Stub rule",
      "test:index:Stub way-out",
    ]);
  });

  it("hands out the node groups, for the ready gate to come after", async () => {
    const two = await nodePools({ general: {}, arm: { architecture: "arm64" } });

    expect(await labels(result.nodeGroups)).toEqual(["aws:eks/nodeGroup:NodeGroup dev-default"]);
    expect(await labels(two.result.nodeGroups)).toEqual([
      "aws:eks/nodeGroup:NodeGroup dev-arm",
      "aws:eks/nodeGroup:NodeGroup dev-general",
    ]);
  });
});

describe("NodePools with other settings", () => {
  it.each([
    ["AL2023", "x86_64", "AL2023_x86_64_STANDARD", ["/dev/xvda"], "m7i.large"],
    ["AL2023", "arm64", "AL2023_ARM_64_STANDARD", ["/dev/xvda"], "m7g.large"],
    ["Bottlerocket", "x86_64", "BOTTLEROCKET_x86_64", ["/dev/xvda", "/dev/xvdb"], "m7i.large"],
    ["Bottlerocket", "arm64", "BOTTLEROCKET_ARM_64", ["/dev/xvda", "/dev/xvdb"], "m7g.large"],
  ] as const)(
    "runs %s on %s as %s with encrypted volumes on %j",
    async (family, architecture, ami, devices, type) => {
      const { template, group } = await onePool({ family, architecture });
      const encrypted = devices.map((deviceName) => ({ deviceName, ebs: { encrypted: "true" } }));

      expect(group).toMatchObject({ amiType: ami, instanceTypes: [type] });
      expect(template["blockDeviceMappings"]).toMatchObject(encrypted);
    },
  );

  it.each([
    ["AL2023", "x86_64", "g5.xlarge", "AL2023_x86_64_NVIDIA"],
    ["AL2023", "arm64", "g5g.xlarge", "AL2023_ARM_64_NVIDIA"],
    ["AL2023", "x86_64", "inf2.xlarge", "AL2023_x86_64_NEURON"],
    ["Bottlerocket", "x86_64", "g5.xlarge", "BOTTLEROCKET_x86_64_NVIDIA"],
    ["Bottlerocket", "x86_64", "inf2.xlarge", "BOTTLEROCKET_x86_64"],
  ] as const)("runs %s on %s for %s as %s", async (family, architecture, type, ami) => {
    const { group } = await onePool({ family, architecture, instanceTypes: [type] });

    expect(group).toMatchObject({ amiType: ami, instanceTypes: [type] });
  });

  it("puts nodes behind further security groups, after ours", async () => {
    const { template } = await onePool({ securityGroupIds: ["sg-0a1b2c3d", "sg-0f9e8d7c"] });

    expect(template["vpcSecurityGroupIds"]).toEqual(["sg-node", "sg-0a1b2c3d", "sg-0f9e8d7c"]);
  });

  it("configures Bottlerocket through its settings", async () => {
    const { template } = await onePool({ family: "Bottlerocket", maxPods: 58 });

    expect(decoded(template["userData"])).toBe("[settings.kubernetes]\nmax-pods = 58\n");
  });

  it("says the number of pods twice to nodeadm", async () => {
    const { template } = await onePool({ maxPods: 58 });

    expect(decoded(template["userData"])).toContain(
      'maxPodsExpression: "58"\n    config:\n      maxPods: 58\n',
    );
  });

  it("passes on capacity, types, size, disk and labels", async () => {
    const { template, group } = await onePool({
      capacity: "SPOT",
      instanceTypes: ["m7i.large", "m6i.large"],
      size: { min: 0, desired: 1, max: 9 },
      diskGib: 100,
      labels: { "example.com/team": "net" },
    });

    expect(group).toMatchObject({
      capacityType: "SPOT",
      instanceTypes: ["m7i.large", "m6i.large"],
      scalingConfig: { minSize: 0, desiredSize: 1, maxSize: 9 },
      labels: { "example.com/team": "net" },
    });
    expect(template["blockDeviceMappings"]).toMatchObject([{ ebs: { volumeSize: 100 } }]);
  });

  it("writes taints as EKS names them", async () => {
    const { group } = await onePool({
      taints: [
        { key: "dedicated", value: "gpu", effect: "NoSchedule" },
        { key: "spot", effect: "PreferNoSchedule" },
        { key: "drain", effect: "NoExecute" },
      ],
    });

    expect(group["taints"]).toEqual([
      { key: "dedicated", value: "gpu", effect: "NO_SCHEDULE" },
      { key: "spot", effect: "PREFER_NO_SCHEDULE" },
      { key: "drain", effect: "NO_EXECUTE" },
    ]);
  });

  it("gives each pool its own release", async () => {
    const releases = { general: "1.35.6-20260714", arm: "1.35.5-20260701" };
    const { resources: found } = await nodePools({ general: {}, arm: { architecture: "arm64" } }, releases);

    expect(namesOf(found, groupType)).toEqual(["dev-arm", "dev-general"]);
    expect(find(found, groupType, "dev-general").inputs["releaseVersion"]).toBe("1.35.6-20260714");
    expect(find(found, groupType, "dev-arm").inputs["releaseVersion"]).toBe("1.35.5-20260701");
  });

  it("leaves the image to EKS, and the addresses private", async () => {
    const { template } = await onePool({ family: "Bottlerocket" });

    expect(Object.keys(template).toSorted()).toEqual([
      "blockDeviceMappings",
      "metadataOptions",
      "namePrefix",
      "tagSpecifications",
      "tags",
      "updateDefaultVersion",
      "userData",
      "vpcSecurityGroupIds",
    ]);
  });
});
