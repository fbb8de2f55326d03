import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import { Account, clusterInputs, network, workingCluster } from "./account.ts";

let account: Account;

beforeEach(() => {
  account = new Account();
});

const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, "x"]));

const cidrs = (count: number) => Array.from({ length: count }, (_, index) => `8.8.${index}.0/24`);

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

describe("tags", () => {
  it.each<[string, Record<string, string>, string]>([
    [types.vpc, { cidrBlock: "10.0.0.0/16" }, "TagLimitExceeded: The maximum number of Tags"],
    [types.role, { assumeRolePolicy: trust }, "ValidationError: 1 validation error detected"],
    [types.logGroup, { name: "x" }, "InvalidParameterException: 1 validation error detected"],
    [types.key, {}, "TagException: Too many tags"],
  ])("of %s are 50 at most", async (type, inputs, message) => {
    await expect(account.create(type, "x", { ...inputs, tags: tags(51) })).rejects.toThrow(message);
    await expect(account.create(type, "x", { ...inputs, tags: tags(50) })).resolves.toBeDefined();
  });

  it("of what a template launches count as well", async () => {
    const specification = (count: number) => ({
      tagSpecifications: [{ resourceType: "instance", tags: tags(count) }],
    });
    await expect(account.create(types.launchTemplate, "x", specification(51))).rejects.toThrow("TagLimit");
    await expect(account.create(types.launchTemplate, "x", specification(50))).resolves.toBeDefined();
  });

  it("of a role may not differ in case alone, as those of a VPC may", async () => {
    const both = { Team: "a", team: "b" };
    await expect(account.create(types.role, "x", { assumeRolePolicy: trust, tags: both })).rejects.toThrow(
      "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    );
    await expect(
      account.create(types.vpc, "x", { cidrBlock: "10.0.0.0/16", tags: both }),
    ).resolves.toBeDefined();
  });
});

it("a role takes no boundary of another account or partition", async () => {
  const create = (permissionsBoundary: string) =>
    account.create(types.role, "x", { assumeRolePolicy: trust, permissionsBoundary });
  for (const arn of ["arn:aws:iam::444455556666:policy/b", "arn:aws-cn:iam::aws:policy/b"]) {
    await expect(create(arn)).rejects.toThrow(`NoSuchEntity: Scope ARN: ${arn} does not exist`);
  }
  await expect(create("arn:aws:iam::111122223333:policy/b")).resolves.toBeDefined();
});

it("the public endpoint takes 40 ranges at most", async () => {
  const { controlPlaneSubnetIds } = await network(account);
  const inputs = await clusterInputs(account, controlPlaneSubnetIds);
  const create = (count: number) =>
    account.create(types.cluster, "dev", {
      ...inputs,
      vpcConfig: {
        subnetIds: controlPlaneSubnetIds,
        endpointPublicAccess: true,
        publicAccessCidrs: cidrs(count),
      },
    });
  await expect(create(41)).rejects.toThrow("InvalidParameterException: You can not have more than 40");
  await expect(create(40)).resolves.toBeDefined();
});

describe("a quota", () => {
  it("of node groups and of their nodes is that of the account", async () => {
    account = new Account({ quotas: { nodeGroupsPerCluster: 1 } });
    const { group } = await workingCluster(account);
    const create = (nodeGroupName: string, maxSize: number) =>
      account.create(types.nodeGroup, nodeGroupName, {
        ...group,
        nodeGroupName,
        scalingConfig: { minSize: 1, desiredSize: 1, maxSize },
      });
    await expect(create("a", 451)).rejects.toThrow("Maximum capacity can't be greater than 450");
    await create("a", 450);
    await expect(create("b", 1)).rejects.toThrow("ResourceLimitExceededException");
    await account.update(types.nodeGroup, "dev:a", { labels: { tier: "web" } });
  });

  it("of rules counts those of one direction of one group", async () => {
    const vpcId = await account.vpc();
    const securityGroupId = await account.createId(types.securityGroup, "x", { vpcId });
    const open = (type: string, port: number) =>
      account.create(type, `port-${port}`, {
        securityGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "10.0.0.0/8",
      });
    for (let port = 1; port <= 60; port++) await open(types.ingressRule, port);
    await expect(open(types.ingressRule, 61)).rejects.toThrow("RulesPerSecurityGroupLimitExceeded");
    await expect(open(types.egressRule, 61)).resolves.toBeDefined();
  });
});
