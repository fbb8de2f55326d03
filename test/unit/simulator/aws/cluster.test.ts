import { beforeEach, describe, expect, it } from "vitest";
import type { AddonEvent } from "../../../simulator/aws/model.ts";
import { types } from "../../../simulator/aws/types.ts";
import { UNKNOWN, type Values } from "../../../simulator/protocol/provider.ts";
import { Account, clusterInputs, type Network, network, subjectOf } from "./account.ts";

let account: Account;
let net: Network;
let inputs: Values;
let events: AddonEvent[];

beforeEach(async () => {
  events = [];
  account = new Account({ onAddon: (event) => events.push(event) });
  net = await network(account);
  inputs = await clusterInputs(account, net.controlPlaneSubnetIds);
});

const create = (change: Values = {}) => account.create(types.cluster, "dev", { ...inputs, ...change });

describe("a cluster", () => {
  it("has an endpoint, and a security group that EKS makes", async () => {
    const { id, outputs } = await create();
    expect(id).toBe("dev");
    expect(outputs["endpoint"]).toMatch(/^https:\/\/[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com$/);
    const vpcConfig = outputs["vpcConfig"] as Values;
    expect(vpcConfig["vpcId"]).toBe(net.vpcId);
    const group = account.aws.find(types.securityGroup, String(vpcConfig["clusterSecurityGroupId"]));
    expect(group?.inputs["name"]).toBe("eks-cluster-sg-dev");
  });

  it("refuses subnets in one zone", async () => {
    const [first = ""] = net.controlPlaneSubnetIds;
    await expect(create({ vpcConfig: { subnetIds: [first, net.nodeSubnetId] } })).rejects.toThrow(
      "InvalidParameterException: Subnets specified must be in at least two different AZs",
    );
  });

  it("refuses a name that is in use, which a lost state would otherwise double", async () => {
    await create();
    await expect(account.create(types.cluster, "again", inputs)).rejects.toThrow(
      "ResourceInUseException: Cluster already exists with name: dev",
    );
  });

  it("refuses a role that EKS may not assume", async () => {
    const role = await account.role("node", "ec2.amazonaws.com");
    await expect(create({ roleArn: role.outputs["arn"] ?? "" })).rejects.toThrow(
      "could not be assumed because it does not exist or the trusted entity is not correct",
    );
  });

  it("refuses a key that does not exist", async () => {
    const provider = { keyArn: "arn:aws:kms:eu-west-1:111122223333:key/none" };
    await expect(create({ encryptionConfig: { provider, resources: ["secrets"] } })).rejects.toThrow(
      "InvalidParameterException: The keyArn in encryptionConfig provider is invalid",
    );
  });

  it.each(["1.24", "2.0"])("refuses Kubernetes %s", async (version) => {
    await expect(create({ version })).rejects.toThrow(
      `InvalidParameterException: unsupported Kubernetes version ${version}`,
    );
  });

  it("refuses a zone without room for control planes, by its id", async () => {
    const zones = [
      { name: "us-east-1a", id: "use1-az1" },
      { name: "us-east-1e", id: "use1-az3" },
    ];
    const virginia = new Account({ region: "us-east-1", zones });
    const vpcId = await virginia.vpc();
    const subnets = zones.map(({ name: availabilityZone }, index) =>
      virginia.createId(types.subnet, availabilityZone, {
        vpcId,
        availabilityZone,
        cidrBlock: `10.40.${index}.0/28`,
      }),
    );
    const wanted = await clusterInputs(virginia, await Promise.all(subnets));
    await expect(virginia.create(types.cluster, "dev", wanted)).rejects.toThrow(
      "UnsupportedAvailabilityZoneException: Cannot create cluster 'dev' because us-east-1e, the targeted availability zone, does not currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: us-east-1a",
    );
  });

  it.each(["eu-west-1-loc-1a", "eu-west-1-wl1-loc-wlz-1"])("refuses a subnet in %s", async (zone) => {
    const vpcId = await account.vpc("with-edge");
    const subnetIds = [
      await account.subnet(vpcId, "a", "10.40.0.0/28"),
      await account.createId(types.subnet, zone, {
        vpcId,
        availabilityZone: zone,
        cidrBlock: "10.40.1.0/28",
      }),
    ];
    await expect(
      account.create(types.cluster, "dev", await clusterInputs(account, subnetIds)),
    ).rejects.toThrow(
      `because ${zone}, the targeted availability zone, does not currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: eu-west-1a, eu-west-1b, eu-west-1c`,
    );
  });

  it("goes up by one Kubernetes version at a time, and never down", async () => {
    await create({ version: "1.34" });
    await expect(account.update(types.cluster, "dev", { version: "1.36" })).rejects.toThrow(
      "InvalidParameterException: Unsupported Kubernetes minor version update from 1.34 to 1.36",
    );
    expect(await account.update(types.cluster, "dev", { version: "1.35" })).toMatchObject({
      version: "1.35",
    });
    await expect(account.update(types.cluster, "dev", { version: "1.34" })).rejects.toThrow(
      "from 1.35 to 1.34",
    );
  });

  it("is kept by deletion protection", async () => {
    await create({ deletionProtection: true });
    await expect(account.delete(types.cluster, "dev")).rejects.toThrow("deletion protection is enabled");
    await account.update(types.cluster, "dev", { deletionProtection: false });
    await account.delete(types.cluster, "dev");
    expect(account.aws.ofType(types.cluster)).toEqual([]);
  });

  it("takes with it all that EKS made for it", async () => {
    const before = account.aws.objects.size;
    await create();
    await account.create(types.addon, "kube-proxy", { clusterName: "dev", addonName: "kube-proxy" });
    await account.delete(types.cluster, "dev");
    expect(account.aws.objects.size).toBe(before);
    expect(events).toEqual([
      {
        kind: "created",
        name: "kube-proxy",
        clusterName: "dev",
        configuration: "",
        version: "v1.35.3-eksbuild.2",
      },
      { kind: "deleted", name: "kube-proxy", clusterName: "dev" },
    ]);
  });

  it("leaves the log group behind that did not exist before it", async () => {
    await create({ enabledClusterLogTypes: ["api"] });
    await account.delete(types.cluster, "dev");
    expect(account.aws.ofType(types.logGroup).map(({ id }) => id)).toEqual(["/aws/eks/dev/cluster"]);
  });

  it("uses the log group that is there", async () => {
    const id = await account.createId(types.logGroup, "logs", {
      name: "/aws/eks/dev/cluster",
      retentionInDays: 90,
    });
    await create({ enabledClusterLogTypes: ["api"] });
    expect(account.aws.ofType(types.logGroup).map(({ inputs }) => inputs["retentionInDays"])).toEqual([90]);
    await account.delete(types.logGroup, id);
    expect(account.aws.ofType(types.logGroup)).toEqual([]);
  });

  it("leaves its security group behind while a rule refers to it, as EKS does", async () => {
    const { outputs } = await create();
    const { clusterSecurityGroupId } = outputs["vpcConfig"] as { clusterSecurityGroupId: string };
    const securityGroupId = await account.createId(types.securityGroup, "nodes", { vpcId: net.vpcId });
    await account.create(types.ingressRule, "x", {
      securityGroupId,
      referencedSecurityGroupId: clusterSecurityGroupId,
      ipProtocol: "-1",
    });
    await account.delete(types.cluster, "dev");
    expect(account.aws.find(types.securityGroup, clusterSecurityGroupId)).toBeDefined();
  });

  it.each([
    { what: "name", news: { name: "prod" }, replaces: ["name"] },
    {
      what: "bootstrapSelfManagedAddons",
      news: { bootstrapSelfManagedAddons: true },
      replaces: ["bootstrapSelfManagedAddons"],
    },
    { what: "version", news: { version: "1.36" }, replaces: [] },
    {
      what: "encryptionConfig, when added",
      news: { encryptionConfig: { resources: ["secrets"] } },
      replaces: [],
    },
  ])("is replaced as it must be for a change of $what", ({ news, replaces }) => {
    const found = account.aws.diff(subjectOf(types.cluster, "dev"), inputs, { ...inputs, ...news }, {});
    expect(found).toMatchObject({ changed: Object.keys(news), replaces });
  });

  it("is replaced when its encryption is taken away, and deleted first as its name stays", () => {
    const olds = { ...inputs, encryptionConfig: { resources: ["secrets"] } };
    expect(account.aws.diff(subjectOf(types.cluster, "dev"), olds, inputs, {})).toEqual({
      changed: ["encryptionConfig"],
      replaces: ["encryptionConfig"],
      deleteBeforeReplace: true,
    });
  });

  it("shows in a preview what is not known yet as unknown", async () => {
    const { id, outputs } = await account.aws.create(subjectOf(types.cluster, "dev"), inputs, true);
    expect(id).toBe("");
    expect(outputs).toMatchObject({ name: "dev", endpoint: UNKNOWN, vpcConfig: UNKNOWN });
    expect(account.aws.ofType(types.cluster)).toEqual([]);
  });
});
