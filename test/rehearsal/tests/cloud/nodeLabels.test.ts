import { beforeEach, describe, expect, it } from "vitest";
import { types } from "../../cloud/types.ts";
import type { Values } from "../../protocol/provider.ts";
import { Account, type ClusterWorld, workingCluster } from "./account.ts";

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
    ["with a label of its own domain", { labels: { "eks.amazonaws.com/x": "y" } }, "Label cannot contain"],
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
  ])("%s", async (_, change, message) => {
    await expect(create(change)).rejects.toThrow(message);
    expect(account.aws.find(types.nodeGroup, "dev:pool")?.outputs["status"]).toBe("CREATE_FAILED");
  });
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
