import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account, base64, type ClusterWorld, cluster, workingCluster } from "./account.ts";

const bottlerocket = { amiType: "BOTTLEROCKET_x86_64", releaseVersion: "1.65.0-0be31b34" };

describe("user data and images of a node group", () => {
  let account: Account;
  let world: ClusterWorld;

  beforeEach(async () => {
    account = new Account();
    world = await workingCluster(account);
  });

  const create = (change: Values = {}) =>
    account.create(types.nodeGroup, "pool", { ...world.group, nodeGroupName: "pool", ...change });

  const template = async (userData: string) => {
    const inputs = { vpcSecurityGroupIds: [world.nodeSecurityGroupId], userData };
    return { id: await account.createId(types.launchTemplate, "other", inputs), version: "1" };
  };

  it.each([
    ["a shell script", {}, "#!/bin/bash\necho", "MIME multipart"],
    ["a bare NodeConfig", {}, "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n", "MIME multipart"],
    ["a shell script for Bottlerocket", bottlerocket, "#!/bin/bash\necho", "TOML"],
  ])("refuses user data that is %s", async (_, change, userData, format) => {
    await expect(create({ ...change, launchTemplate: await template(base64(userData)) })).rejects.toThrow(
      `Ec2LaunchTemplateInvalidConfiguration: User data was not in the ${format} format.`,
    );
  });

  it("takes TOML settings for Bottlerocket", async () => {
    const userData = base64(
      '[settings.kubernetes]\nmax-pods = 110\n\n[settings.kubernetes.node-labels]\n"a/b" = "c"\n',
    );
    await create({ ...bottlerocket, launchTemplate: await template(userData) });
    expect([...account.aws.instances.values()][0]).toMatchObject({
      family: "Bottlerocket",
      kernel: "6.12.94",
    });
  });

  it.each([
    { amiType: "AL2023_x86_64_NVIDIA", instanceTypes: ["g5.xlarge"] },
    { amiType: "AL2023_x86_64_NEURON", instanceTypes: ["inf2.xlarge"] },
  ])("starts $instanceTypes with $amiType", async (change) => {
    await create(change);
    expect(account.aws.instances.size).toBe(2);
  });

  it.each([
    { amiType: "BOTTLEROCKET_x86_64_NVIDIA", instanceTypes: ["g5.xlarge"] },
    { amiType: "BOTTLEROCKET_x86_64", instanceTypes: ["inf2.xlarge"] },
  ])("starts $instanceTypes with $amiType", async (change) => {
    const launchTemplate = await template(base64("[settings.kubernetes]\nmax-pods = 110\n"));
    await create({ ...bottlerocket, ...change, launchTemplate });
    expect(account.aws.instances.size).toBe(2);
  });

  it("refuses a table of TOML that is opened twice", async () => {
    const userData = base64("[settings.kubernetes]\nmax-pods = 110\n[settings.kubernetes]\na = 1\n");
    await expect(create({ ...bottlerocket, launchTemplate: await template(userData) })).rejects.toThrow(
      "User data was not in the TOML format.",
    );
  });

  it("takes 16384 bytes of user data and no more", async () => {
    await template(base64("x".repeat(16_384)));
    await expect(template(base64("x".repeat(16_385)))).rejects.toThrow(
      "InvalidUserData.Malformed: User data is limited to 16384 bytes",
    );
  });

  it("refuses user data that is not base64, with its template", async () => {
    await expect(template("[settings]")).rejects.toThrow(
      "InvalidUserData.Malformed: Invalid BASE64 encoding of user data.",
    );
  });
});

describe("a NodeConfig", () => {
  it("never joins with a NodeConfig that nodeadm cannot read", async () => {
    const account = new Account();
    const world = await cluster(account);
    await account.create(types.ingressRule, "to-control-plane", world.toControlPlane);
    const document = (field: string) =>
      `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: application/node.eks.aws\n\napiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  ${field}: {}\n\n--b--\n`;
    const group = async (name: string, field: string) => {
      const inputs = { vpcSecurityGroupIds: [world.nodeSecurityGroupId], userData: base64(document(field)) };
      const id = await account.createId(types.launchTemplate, name, inputs);
      const change = { nodeGroupName: name, launchTemplate: { id, version: "1" } };
      return account.create(types.nodeGroup, name, { ...world.group, ...change });
    };
    await expect(group("wrong", "kubelets")).rejects.toThrow("nodeadm does not understand the NodeConfig");
    await expect(group("right", "kubelet")).rejects.toThrow("Unhealthy nodes");
  });
});
