import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../../simulator/aws/types.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Account, base64, type ClusterWorld, workingCluster } from "./account.ts";

let account: Account;
let world: ClusterWorld;

beforeEach(async () => {
  account = new Account();
  world = await workingCluster(account);
});

const create = (change: Values) =>
  account.create(types.nodeGroup, "pool", { ...world.group, nodeGroupName: "pool", ...change });

describe("EKS refuses a node group", () => {
  it.each<[string, Values, string]>([
    ["with a label in its own domain", { labels: { "eks.amazonaws.com/x": "y" } }, "Label cannot contain"],
    ["with an empty label", { labels: { gpu: "" } }, "InvalidParameterException: Invalid value:  : field"],
    ["with a key of 64 characters", { labels: { [`d/${"n".repeat(62)}`]: "y" } }, "between 1 and 63"],
    [
      "with a taint of a reserved domain",
      { taints: [{ key: "node.kubernetes.io/x", effect: "NO_SCHEDULE" }] },
      "Taint cannot contain reserved prefixes [kubernetes.io/, k8s.io/, eks.amazonaws.com/]",
    ],
  ])("%s", async (_, change, message) => {
    await expect(create(change)).rejects.toThrow(message);
    expect(account.aws.ofType(types.nodeGroup)).toEqual([]);
  });
});

describe("a node cannot join", () => {
  it.each<[string, Values, string]>([
    [
      "with a label that the kubelet does not know",
      { labels: { "node-role.kubernetes.io/worker": "true" } },
      "unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/worker]",
    ],
    [
      "with one taint twice",
      {
        taints: [
          { key: "gpu", value: "a", effect: "NO_SCHEDULE" },
          { key: "gpu", value: "b", effect: "NO_SCHEDULE" },
        ],
      },
      "taints must be unique by key and effect pair",
    ],
    [
      "on the first Graviton",
      { amiType: "AL2023_ARM_64_STANDARD", instanceTypes: ["a1.large"] },
      "requires a newer ARM64 processor",
    ],
    [
      "with a GPU and a standard AMI",
      { instanceTypes: ["g5.xlarge"] },
      "(the AMI has no driver for the accelerator)",
    ],
  ])("%s", async (_, change, message) => {
    await expect(create(change)).rejects.toThrow(message);
    expect(account.aws.find(types.nodeGroup, "dev:pool")?.outputs["status"]).toBe("CREATE_FAILED");
  });
});

it("Bottlerocket's standard AMI has the driver of Inferentia", async () => {
  const { outputs } = await create({
    amiType: "BOTTLEROCKET_x86_64",
    releaseVersion: "1.65.0-0be31b34",
    instanceTypes: ["inf2.xlarge"],
    launchTemplate: {
      id: await account.createId(types.launchTemplate, "toml", {
        vpcSecurityGroupIds: [world.nodeSecurityGroupId],
        userData: base64("[settings.kubernetes]\nmax-pods = 110\n"),
      }),
      version: "1",
    },
  });
  expect(outputs["status"]).toBe("ACTIVE");
});

it("EKS and the kubelet take what they should", async () => {
  const { outputs } = await create({
    labels: { "node.kubernetes.io/role": "web", "kubernetes.io/arch": "amd64", "notkubernetes.io/a": "b" },
    taints: [
      { key: "gpu", effect: "NO_SCHEDULE" },
      { key: "gpu", value: "", effect: "NO_EXECUTE" },
    ],
  });
  expect(outputs["status"]).toBe("ACTIVE");
});
