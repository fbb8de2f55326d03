import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import { NotReady, type Values } from "../../../simulator/protocol/provider.ts";
import { Account, type ClusterWorld, cluster, subjectOf, workingCluster } from "./account.ts";

describe("a node group in a cluster that works", () => {
  let account: Account;
  let world: ClusterWorld;

  beforeEach(async () => {
    account = new Account();
    world = await workingCluster(account);
  });

  const create = (change: Values = {}) =>
    account.create(types.nodeGroup, "pool", { ...world.group, nodeGroupName: "pool", ...change });

  it("starts as many nodes as are desired", async () => {
    const { id, outputs } = await create();
    expect(id).toBe("dev:pool");
    expect(outputs["status"]).toBe("ACTIVE");
    expect([...account.aws.instances.values()]).toMatchObject([
      {
        nodeName: "ip-10-40-16-4.eu-west-1.compute.internal",
        privateIp: "10.40.16.4",
        subnetId: world.nodeSubnetId,
        securityGroupIds: [world.nodeSecurityGroupId],
        nodeGroupName: "pool",
        instanceType: "m7i.large",
        family: "AL2023",
        architecture: "x86_64",
        kernel: "6.12.94-123.amzn2023.x86_64",
        sourceDestCheck: true,
        ready: true,
      },
      { nodeName: "ip-10-40-16-5.eu-west-1.compute.internal" },
    ]);
  });

  it("refuses a Wavelength Zone, and takes a Local Zone", async () => {
    const subnet = (availabilityZone: string, cidrBlock: string) =>
      account.createId(types.subnet, availabilityZone, { vpcId: world.vpcId, availabilityZone, cidrBlock });
    const wavelength = await subnet("eu-west-1-wl1-loc-wlz-1", "10.40.32.0/20");
    await expect(create({ subnetIds: [wavelength] })).rejects.toThrow(
      `InvalidParameterException: Subnets [${wavelength}] are in Wavelength Zones, which managed node groups do not support`,
    );
    await create({ subnetIds: [await subnet("eu-west-1-loc-1a", "10.40.48.0/20")] });
  });

  it("runs the kernel of its release", async () => {
    await create({ releaseVersion: "1.35.0-20251105" });
    expect([...account.aws.instances.values()][0]?.kernel).toBe("6.12.53-123.amzn2023.x86_64");
  });

  it("takes the cluster's security group where the template names none", async () => {
    await create({
      launchTemplate: { id: await account.createId(types.launchTemplate, "bare", {}), version: "1" },
    });
    const [{ securityGroupIds } = { securityGroupIds: [] }] = account.aws.instances.values();
    const [id = ""] = securityGroupIds;
    expect(account.aws.find(types.securityGroup, id)?.inputs["name"]).toBe("eks-cluster-sg-dev");
  });

  it("keeps its subnet, its security group and its cluster until it is gone", async () => {
    const { id } = await create();
    await expect(account.delete(types.subnet, world.nodeSubnetId)).rejects.toThrow("DependencyViolation");
    await expect(account.delete(types.securityGroup, world.nodeSecurityGroupId)).rejects.toThrow(
      "DependencyViolation",
    );
    await expect(account.delete(types.cluster, "dev")).rejects.toThrow(
      "ResourceInUseException: Cluster has nodegroups attached",
    );

    await account.delete(types.nodeGroup, id);
    expect(account.aws.instances.size).toBe(0);
    await account.delete(types.cluster, "dev");
    await account.delete(types.subnet, world.nodeSubnetId);
  });

  it("replaces its nodes one by one for a new version of the template", async () => {
    const { id } = await create();
    const before = [...account.aws.instances.keys()];
    await account.update(types.launchTemplate, world.templateId, { description: "new" });
    await account.update(types.nodeGroup, id, { launchTemplate: { id: world.templateId, version: "2" } });
    const after = [...account.aws.instances.keys()];
    expect(after).toHaveLength(2);
    expect(after.filter((one) => before.includes(one))).toEqual([]);
  });

  it("keeps its nodes for a change of labels", async () => {
    const { id } = await create();
    const before = [...account.aws.instances.keys()];
    await account.update(types.nodeGroup, id, { labels: { tier: "web" } });
    expect([...account.aws.instances.keys()]).toEqual(before);
  });

  it.each([
    { desiredSize: 4, nodes: 4 },
    { desiredSize: 1, nodes: 1 },
  ])("is scaled to $nodes nodes", async ({ desiredSize, nodes }) => {
    const { id } = await create();
    await account.update(types.nodeGroup, id, { scalingConfig: { minSize: 1, desiredSize, maxSize: 4 } });
    expect(account.aws.instances.size).toBe(nodes);
    expect(
      account.aws.ofType(types.networkInterface).filter(({ ownedBy }) => ownedBy?.includes("nodeGroup")),
    ).toHaveLength(nodes);
  });

  it.each([
    [
      "instance types of another architecture",
      { instanceTypes: ["m7g.large"] },
      "InvalidParameterException: [m7g.large] is not a valid instance type for requested amiType AL2023_x86_64_STANDARD",
    ],
    [
      "an instance type without the accelerator that its image is for",
      { amiType: "AL2023_x86_64_NVIDIA", instanceTypes: ["g5.xlarge", "m7i.large"] },
      "InvalidParameterException: [m7i.large] is not a valid instance type for requested amiType AL2023_x86_64_NVIDIA",
    ],
    [
      "an image that EKS does not have",
      { amiType: "AL2023_ARM_64_NEURON", instanceTypes: ["m7g.large"] },
      "amiType AL2023_ARM_64_NEURON is not one that the simulated EKS has",
    ],
    [
      "no instance type",
      { instanceTypes: [] },
      "InvalidParameterException: Instance type list cannot be empty",
    ],
    [
      "an instance type that does not exist",
      { instanceTypes: ["m7i.huge"] },
      "InvalidParameterException: The following supplied instance types do not exist: [m7i.huge]",
    ],
    [
      "more desired than allowed nodes",
      { scalingConfig: { minSize: 1, desiredSize: 5, maxSize: 4 } },
      "InvalidParameterException: desired capacity 5 can't be greater than max size 4",
    ],
    [
      "a release of another Kubernetes version",
      { releaseVersion: "1.34.7-20260512" },
      "InvalidParameterException: Requested release version 1.34.7-20260512 is not valid for kubernetes version 1.35.",
    ],
    [
      "nodes newer than the cluster",
      { version: "1.36", releaseVersion: "1.36.2-20260903" },
      "is newer than the cluster's",
    ],
    [
      "a cluster that does not exist",
      { clusterName: "prod" },
      "ResourceNotFoundException: No cluster found for name: prod.",
    ],
  ])("refuses %s", async (_, change, message) => {
    await expect(create(change)).rejects.toThrow(message);
    expect(account.aws.ofType(types.nodeGroup)).toEqual([]);
  });

  it("takes Graviton instances for an ARM image", async () => {
    await create({ amiType: "AL2023_ARM_64_STANDARD", instanceTypes: ["m7g.large", "c6gn.xlarge"] });
    expect([...account.aws.instances.values()][0]).toMatchObject({
      architecture: "arm64",
      kernel: "6.12.94-123.amzn2023.aarch64",
    });
  });

  it("refuses a subnet of another VPC", async () => {
    const other = await account.vpc("other", "10.41.0.0/16");
    const subnetId = await account.subnet(other, "a", "10.41.0.0/24");
    await expect(create({ subnetIds: [subnetId] })).rejects.toThrow("are not in the VPC of the cluster");
  });

  it("refuses a role that EC2 may not assume", async () => {
    const role = await account.role("other", "eks.amazonaws.com");
    await expect(create({ nodeRoleArn: role.outputs["arn"] ?? "" })).rejects.toThrow(
      "InvalidParameterException: Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole",
    );
  });

  it("refuses a security group of another VPC", async () => {
    const vpcId = await account.vpc("other", "10.41.0.0/16");
    const other = await account.createId(types.securityGroup, "other", { vpcId, description: "x" });
    const inputs = { vpcSecurityGroupIds: [world.nodeSecurityGroupId, other] };
    const id = await account.createId(types.launchTemplate, "other", inputs);
    await expect(create({ launchTemplate: { id, version: "1" } })).rejects.toThrow(
      `InvalidParameterException: Security group ${other} and subnet ${world.nodeSubnetId} belong to different networks.`,
    );
  });

  it("refuses a version of the template that does not exist", async () => {
    await expect(create({ launchTemplate: { id: world.templateId, version: "2" } })).rejects.toThrow(
      "Ec2LaunchTemplateVersionNotFound: Launch template version 2 was not found",
    );
  });
});

describe("a node group whose nodes cannot work", () => {
  let account: Account;
  let world: ClusterWorld;

  beforeEach(async () => {
    account = new Account();
    world = await cluster(account);
  });

  const create = () => account.create(types.nodeGroup, "pool", { ...world.group, nodeGroupName: "pool" });
  const open = () => account.create(types.ingressRule, "to-control-plane", world.toControlPlane);

  it("ends in NodeCreationFailure when they never become Ready", async () => {
    await open();
    const failure = await create().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotReady);
    expect(String(failure)).toMatch(
      /NodeCreationFailure: Unhealthy nodes in the kubernetes cluster: \[i-\w+, i-\w+\] \(ip-10-40-16-4\.eu-west-1\.compute\.internal, ip-10-40-16-5/,
    );
    expect(account.activity.timedOut).toMatchObject([
      {
        urn: subjectOf(types.nodeGroup, "pool").urn,
        what: "every node of node group pool to be Ready",
        providedBy: ["kubernetes:operator.tigera.io/v1:Installation"],
        timeoutSeconds: 900,
      },
    ]);
  });

  // Pulumi has no taint: the next up tries an update, not a replacement (pulumi/pulumi#17881).
  it("stays as CREATE_FAILED, which no diff shows", async () => {
    await open();
    await create().catch(() => undefined);
    const { inputs = {}, outputs = {} } = account.aws.find(types.nodeGroup, "dev:pool") ?? {};
    expect(outputs["status"]).toBe("CREATE_FAILED");
    expect(account.aws.diff(subjectOf(types.nodeGroup, "pool"), inputs, inputs, outputs)).toMatchObject({
      changed: [],
      replaces: [],
    });
  });

  it("never joins while the control plane is closed to it", async () => {
    await expect(create()).rejects.toThrow(
      /NodeCreationFailure: Instances failed to join the kubernetes cluster: \[.*\] \(TCP 443 from the node to the control plane is closed\)/,
    );
    expect(account.aws.instances.size).toBe(0);
    await expect(account.delete(types.subnet, world.nodeSubnetId)).rejects.toThrow("DependencyViolation");
    await account.delete(types.nodeGroup, "dev:pool");
    await account.delete(types.subnet, world.nodeSubnetId);
  });

  it("joins once the control plane is opened meanwhile", async () => {
    account.activity.onChange(() => {
      for (const instance of account.aws.instances.values()) instance.ready = true;
    });
    const created = create();
    await open();
    expect((await created).outputs["status"]).toBe("ACTIVE");
  });

  it.each([
    ["AmazonEKSWorkerNodePolicy", "the node role may not ec2:DescribeInstances"],
    ["AmazonEC2ContainerRegistryPullOnly", "the node role may not ecr:GetAuthorizationToken"],
  ])("never joins without %s", async (policy, why) => {
    await open();
    await account.delete(types.rolePolicyAttachment, `${world.nodeRole}/arn:aws:iam::aws:policy/${policy}`);
    await expect(create()).rejects.toThrow(why);
  });

  it("is refused room by a subnet that is full", async () => {
    const full = await account.subnet(world.vpcId, "c", "10.40.1.0/28");
    const inputs = {
      ...world.group,
      subnetIds: [full],
      scalingConfig: { minSize: 12, desiredSize: 12, maxSize: 12 },
    };
    await expect(account.create(types.nodeGroup, "pool", inputs)).rejects.toThrow(
      `There are not enough free addresses in subnet '${full}' to satisfy the requested number of instances.`,
    );
  });
});
