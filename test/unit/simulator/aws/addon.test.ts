import { beforeEach, describe, expect, it } from "vitest";
import type { AddonEvent } from "../../../simulator/aws/model.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account, clusterInputs, network, workingCluster } from "./account.ts";

let account: Account;
let inputs: Values;
let events: AddonEvent[];

beforeEach(async () => {
  events = [];
  account = new Account({ onAddon: (event) => events.push(event) });
  const { controlPlaneSubnetIds } = await network(account);
  inputs = await clusterInputs(account, controlPlaneSubnetIds);
});

const create = () => account.create(types.cluster, "dev", inputs);

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
