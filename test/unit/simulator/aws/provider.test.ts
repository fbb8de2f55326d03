import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import { durations } from "../../../simulator/durations.ts";
import { UNKNOWN } from "../../../simulator/protocol/provider.ts";
import { Account, subjectOf } from "./account.ts";

let account: Account;

beforeEach(() => {
  account = new Account();
});

describe("the provider's check", () => {
  const role = { assumeRolePolicy: "{}" };

  it("names what the program does not name, and keeps the name", () => {
    const subject = subjectOf(types.role, "node");
    const { inputs } = account.aws.check(subject, undefined, role);
    expect(inputs["name"]).toMatch(/^node-[0-9a-f]{7}$/);
    expect(account.aws.check(subject, inputs, role).inputs).toEqual(inputs);
  });

  it("gives a replacement another name", () => {
    const subject = subjectOf(types.role, "node");
    const [first, second] = [1, 2].map(() => account.aws.check(subject, undefined, role).inputs["name"]);
    expect(first).not.toBe(second);
  });

  it("leaves a name of the program's, and none next to a prefix", () => {
    const check = (inputs: Record<string, string>) =>
      account.aws.check(subjectOf(types.launchTemplate, "x"), undefined, inputs);
    expect(check({ name: "mine" }).inputs).toEqual({ name: "mine" });
    expect(check({ namePrefix: "mine-" }).inputs).toEqual({ namePrefix: "mine-" });
  });

  it("puts alias/ before the name of an alias", () => {
    const { inputs } = account.aws.check(subjectOf(types.alias, "eks"), undefined, { targetKeyId: "key" });
    expect(inputs["name"]).toMatch(/^alias\/eks-[0-9a-f]{7}$/);
  });

  it("reports missing and unknown properties together", () => {
    expect(account.failures(types.subnet, { vpcId: UNKNOWN, cidr: "10.0.0.0/24" })).toEqual([
      "missing required property 'cidrBlock'",
      "unexpected property 'cidr'",
      `"cidrBlock" ("") is not a valid IPv4 CIDR block`,
    ]);
  });

  it("takes null for a property that is not there", () => {
    expect(account.failures(types.vpc, { cidrBlock: "10.0.0.0/16", tags: null })).toEqual([]);
  });

  it("refuses a type that the simulation does not have", () => {
    expect(account.failures("aws:s3/bucket:Bucket", {})).toEqual([
      "the simulated AWS has no aws:s3/bucket:Bucket",
    ]);
  });

  it.each([
    [types.logGroup, { retentionInDays: 42 }, "expected retentionInDays to be one of [0 1 3 5"],
    [
      types.key,
      { deletionWindowInDays: 5 },
      "expected deletionWindowInDays to be in the range (7 - 30), got 5",
    ],
    [types.alias, { name: "eks", targetKeyId: "k" }, "name must begin with 'alias/'"],
    [
      types.flowLog,
      { maxAggregationInterval: 90 },
      "expected maxAggregationInterval to be one of [60 600], got 90",
    ],
  ])("refuses what %s cannot be", (type, inputs, message) => {
    expect(account.failures(type, inputs).join()).toContain(message);
  });
});

describe("the provider's diff", () => {
  const subject = subjectOf(types.vpc, "vpc");
  const olds = { cidrBlock: "10.0.0.0/16", tags: { a: "1", b: "2" } };

  it("sees no change in another order of keys", () => {
    const news = { tags: { b: "2", a: "1" }, cidrBlock: "10.0.0.0/16" };
    expect(account.aws.diff(subject, olds, news, {})).toEqual({
      changed: [],
      replaces: [],
      deleteBeforeReplace: false,
    });
  });

  it("changes tags in place, and replaces for another range", () => {
    expect(account.aws.diff(subject, olds, { ...olds, tags: {} }, {})).toMatchObject({
      changed: ["tags"],
      replaces: [],
    });
    expect(account.aws.diff(subject, olds, { ...olds, cidrBlock: "10.1.0.0/16" }, {})).toMatchObject({
      replaces: ["cidrBlock"],
    });
  });

  it("creates the replacement first where the provider named it", () => {
    const group = subjectOf(types.securityGroup, "nodes");
    const diff = (name: string) =>
      account.aws.diff(group, { vpcId: "a", name }, { vpcId: "b", name }, {}).deleteBeforeReplace;
    expect(diff("nodes-0123abc")).toBe(false);
    expect(diff("calico-nodes")).toBe(true);
  });
});

describe("the provider", () => {
  it("makes the same ids in every rehearsal, and others for a second creation", async () => {
    const first = await account.vpc();
    expect(await new Account().vpc()).toBe(first);
    await account.delete(types.vpc, first);
    expect(await account.vpc()).not.toBe(first);
  });

  it("reads what exists, and nothing else", async () => {
    const id = await account.vpc();
    const subject = subjectOf(types.vpc, "vpc");
    expect(await account.aws.read(subject, id)).toMatchObject({ id, outputs: { cidrBlock: "10.40.0.0/16" } });
    await account.delete(types.vpc, id);
    expect(await account.aws.read(subject, id)).toBeUndefined();
  });

  it("is content to delete what is gone", async () => {
    await expect(account.delete(types.vpc, "vpc-0gone")).resolves.toBeUndefined();
  });

  it("shows in the preview of an update what the update changes as unknown", async () => {
    const { id, outputs } = await account.create(types.launchTemplate, "nodes", {});
    expect(outputs["latestVersion"]).toBe(1);
    const subject = subjectOf(types.launchTemplate, "nodes");
    const preview = await account.aws.update(subject, id, outputs, { description: "new" }, true);
    expect(preview).toMatchObject({ latestVersion: UNKNOWN, arn: outputs["arn"], description: "new" });
    expect(await account.update(types.launchTemplate, id, { description: "new" })).toMatchObject({
      latestVersion: 2,
    });
  });

  it("has a duration for every type that a program can make", () => {
    const others: readonly string[] = [types.networkInterface, types.vpcCidrAssociation];
    const made = Object.values(types).filter((type) => !others.includes(type));
    expect(Object.keys(durations).toSorted()).toEqual(made.toSorted());
  });

  it("knows objects that were there before", async () => {
    const existing = [
      { type: types.vpc, id: "vpc-1", inputs: { cidrBlock: "10.0.0.0/16" } },
      {
        type: types.subnet,
        id: "subnet-1",
        inputs: { vpcId: "vpc-1", cidrBlock: "10.0.0.0/28", availabilityZone: "eu-west-1a" },
      },
    ];
    const { aws } = new Account({ existing });
    expect(await aws.invoke("aws:ec2/getVpc:getVpc", { id: "vpc-1" })).toMatchObject({
      cidrBlock: "10.0.0.0/16",
    });
    expect(await aws.invoke("aws:ec2/getSubnet:getSubnet", { id: "subnet-1" })).toMatchObject({
      vpcId: "vpc-1",
      availabilityZoneId: "euw1-az1",
      availableIpAddressCount: 11,
    });
    await expect(aws.invoke("aws:ec2/getVpc:getVpc", { id: "vpc-2" })).rejects.toThrow(
      "no matching EC2 VPC found",
    );
  });
});

describe("the provider's functions", () => {
  it("know the zones that match the filter", async () => {
    const zones = "aws:index/getAvailabilityZones:getAvailabilityZones";
    const ordinary = { name: "zone-type", values: ["availability-zone"] };
    expect(await account.aws.invoke(zones, { state: "available" })).toMatchObject({
      names: ["eu-west-1-loc-1a", "eu-west-1-wl1-loc-wlz-1", "eu-west-1a", "eu-west-1b", "eu-west-1c"],
    });
    expect(await account.aws.invoke(zones, { state: "available", filters: [ordinary] })).toMatchObject({
      names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      zoneIds: ["euw1-az1", "euw1-az2", "euw1-az3"],
    });
    expect(
      await account.aws.invoke(zones, { filters: [ordinary], excludeZoneIds: ["euw1-az2"] }),
    ).toMatchObject({ names: ["eu-west-1a", "eu-west-1c"] });
    expect(
      await account.aws.invoke(zones, { filters: [{ name: "opt-in-status", values: ["opted-in"] }] }),
    ).toMatchObject({ zoneIds: ["euw1-loc1-az1", "euw1-wl1-loc-wlz1"] });
    await expect(
      account.aws.invoke(zones, { filters: [{ name: "colour", values: ["red"] }] }),
    ).rejects.toThrow("The filter 'colour' is invalid");
  });

  it.each([
    [
      "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/arm64/standard/recommended/release_version",
      "1.35.7-20260903",
    ],
    ["/aws/service/bottlerocket/aws-k8s-1.36/x86_64/latest/image_version", "1.65.0-0be31b34"],
  ])("know the parameter %s", async (name, value) => {
    expect(await account.aws.invoke("aws:ssm/getParameter:getParameter", { name })).toMatchObject({ value });
  });

  it.each([
    "/aws/service/eks/optimized-ami/1.12/amazon-linux-2023/arm64/standard/recommended/release_version",
    "/aws/service/eks/optimized-ami/1.35/amazon-linux-2/recommended/release_version",
  ])("do not know the parameter %s", async (name) => {
    await expect(account.aws.invoke("aws:ssm/getParameter:getParameter", { name })).rejects.toThrow(
      "ParameterNotFound",
    );
  });

  it("know which zone offers what", async () => {
    const { aws } = new Account({ offerings: { "m7i.large": ["eu-west-1b"] } });
    const filters = [{ name: "instance-type", values: ["m7i.large", "t3.medium", "m7i.huge"] }];
    expect(
      await aws.invoke("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", {
        locationType: "availability-zone",
        filters,
      }),
    ).toMatchObject({
      instanceTypes: ["m7i.large", ...Array.from({ length: 5 }, () => "t3.medium")],
      locations: [
        ...["eu-west-1b", "eu-west-1-loc-1a", "eu-west-1-wl1-loc-wlz-1"],
        ...["eu-west-1a", "eu-west-1b", "eu-west-1c"],
      ],
    });
  });

  it("know the caller, and refuse functions that are not simulated", async () => {
    expect(await account.aws.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).toMatchObject({
      accountId: "111122223333",
    });
    await expect(account.aws.invoke("aws:s3/getBucket:getBucket", {})).rejects.toThrow(
      "the simulated AWS has no function aws:s3/getBucket:getBucket",
    );
  });
});
