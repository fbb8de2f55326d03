import { beforeEach, describe, expect, it } from "vitest";
import type { AddonEvent } from "../../../simulator/aws/model.ts";
import { types } from "../../../simulator/aws/types.ts";
import { UNKNOWN, type Values } from "../../../simulator/protocol/provider.ts";
import { Account, clusterInputs, type Network, network, subjectOf, workingCluster } from "./account.ts";

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

describe("an add-on", () => {
  it("is passed to Kubernetes", async () => {
    await create();
    const id = await account.createId(types.addon, "kp", { clusterName: "dev", addonName: "kube-proxy" });
    await account.update(types.addon, id, { addonVersion: "v1.35.4-eksbuild.1" });
    expect(account.aws.addons).toEqual([{ name: "kube-proxy", clusterName: "dev" }]);
    await account.delete(types.addon, id);
    expect(events.map(({ kind, version }) => [kind, version])).toEqual([
      ["created", "v1.35.3-eksbuild.2"],
      ["updated", "v1.35.4-eksbuild.1"],
      ["deleted", undefined],
    ]);
    expect(account.aws.addons).toEqual([]);
  });

  it.each([
    { addonName: "kube-proxy", addonVersion: "v1.36.1-eksbuild.1" },
    { addonName: "coredns", addonVersion: "v1.14.0-eksbuild.1" },
    { addonName: "metrics-server", addonVersion: "v0.8" },
  ])("refuses $addonName $addonVersion, which is for another Kubernetes than 1.35", async (addon) => {
    await create();
    await expect(account.create(types.addon, "a", { clusterName: "dev", ...addon })).rejects.toThrow(
      "InvalidParameterException: Addon version specified is not supported",
    );
    expect(account.aws.addons).toEqual([]);
  });

  it("refuses a node selector for kube-proxy, which its schema does not have", async () => {
    await create();
    const configurationValues = JSON.stringify({ nodeSelector: { "non-calico": "true" } });
    await expect(
      account.create(types.addon, "kp", { clusterName: "dev", addonName: "kube-proxy", configurationValues }),
    ).rejects.toThrow(
      "InvalidParameterException: ConfigurationValue provided in request is not supported: Json schema validation failed with error: [$.nodeSelector: is not defined in the schema and the schema does not allow additional properties]",
    );
    await account.create(types.addon, "kp", {
      clusterName: "dev",
      addonName: "kube-proxy",
      configurationValues: JSON.stringify({ mode: "iptables" }),
    });
    expect(account.aws.addons).toHaveLength(1);
  });

  it.each([
    [{ env: { ENABLE_PREFIX_DELEGATION: true } }, "$.env.ENABLE_PREFIX_DELEGATION: "],
    [
      { env: { ENABLE_PREFIXES: "true" } },
      "$.env.ENABLE_PREFIXES: is not defined in the schema and the schema does not allow additional properties",
    ],
    [
      { prefixes: "true" },
      "$.prefixes: is not defined in the schema and the schema does not allow additional properties",
    ],
  ])("refuses %j for the VPC CNI, which its schema does not have", async (configuration, words) => {
    await create();
    const vpcCni = { clusterName: "dev", addonName: "vpc-cni" };
    const values = (given: object) => ({ ...vpcCni, configurationValues: JSON.stringify(given) });

    await expect(account.create(types.addon, "cni", values(configuration))).rejects.toThrow(words);
    await account.create(types.addon, "cni", values({ env: { ENABLE_PREFIX_DELEGATION: "true" } }));
    expect(account.aws.addons).toHaveLength(1);
  });

  it("named coredns is DEGRADED while a node has no address for a pod, which may be put there", async () => {
    const { group } = await workingCluster(account);
    await account.create(types.nodeGroup, "nodes", group);
    const [, lacking] = account.aws.instances.values();
    const addon = { clusterName: "dev", addonName: "coredns" };
    if (lacking !== undefined) lacking.addressProblem = "InsufficientCidrBlocks";

    await expect(account.create(types.addon, "coredns", addon)).rejects.toThrow("(last state: 'DEGRADED'");
  });

  it("named coredns is DEGRADED without a node, and named as what waits", async () => {
    await create();
    await expect(
      account.create(types.addon, "dns", { clusterName: "dev", addonName: "coredns" }),
    ).rejects.toThrow(
      "timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s)",
    );
    expect(account.activity.timedOut).toMatchObject([
      { what: "a Ready node in cluster dev, for the pods of add-on coredns", timeoutSeconds: 1200 },
    ]);
  });

  it("named coredns is ACTIVE with a node", async () => {
    const other = new Account();
    const { group } = await workingCluster(other);
    await other.create(types.nodeGroup, "pool", group);
    await other.create(types.addon, "dns", { clusterName: "dev", addonName: "coredns" });
    expect(other.aws.addons).toEqual([{ name: "coredns", clusterName: "dev" }]);
  });

  it("refuses PRESERVE for its creation before EKS is called", () => {
    const addon = { clusterName: "dev", addonName: "coredns", resolveConflictsOnCreate: "PRESERVE" };
    expect(account.failures(types.addon, addon)).toEqual([
      'expected resolveConflictsOnCreate to be one of ["NONE" "OVERWRITE"], got PRESERVE',
    ]);
  });
});
