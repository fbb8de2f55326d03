import { describe, expect, it } from "vitest";
import { quotaAdvice } from "../../../../components/checks/quotas.ts";
import { settingsLines } from "../../../support/lines.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const tags = (count: number, ...others: string[]) =>
  Object.fromEntries(
    [...Array.from({ length: count }, (_, index) => `tag-${index}`), ...others].map((key) => [key, "x"]),
  );

const cidrs = (count: number) => Array.from({ length: count }, (_, index) => `8.8.${index}.0/24`);

const pools = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`pool-${index}`, {}]));

/** Enough addresses for the pods of many nodes. */
const wide = { calico: { podCidr: "172.24.0.0/14" } };

describe("a number that AWS never exceeds is refused", () => {
  it.each<[string, SettingsChange, string]>([
    [
      "50 tags and Name",
      { tags: tags(50) },
      "tags: there are 50 tags; AWS allows 50 on a resource, and this program adds Name. Remove 1.",
    ],
    [
      "51 tags, Name among them",
      { tags: tags(50, "Name") },
      "tags: there are 51 tags; AWS allows 50 on a resource, and this program adds Name. Remove 1.",
    ],
    [
      "41 ranges at the public endpoint",
      { cluster: { publicAccessCidrs: cidrs(41) } },
      "cluster.publicAccessCidrs: there are 41 ranges; EKS allows 40, a quota that cannot be raised. Merge adjacent ranges, or use the private endpoint.",
    ],
    [
      "31 pools",
      { nodePools: pools(31) },
      'nodePools: there are 31 pools; the quota "Managed node groups per cluster" (L-6D54EA21) is 30. Remove 1, or have AWS raise it and set account.quotas.nodeGroupsPerCluster.',
    ],
    [
      "451 nodes in a pool",
      { ...wide, nodePools: { default: {}, big: { size: { max: 451 } } } },
      'nodePools.big.size.max: max is 451; the quota "Nodes per managed node group" (L-BD136A63) is 450. Split the pool, or have AWS raise it and set account.quotas.nodesPerNodeGroup.',
    ],
    [
      "601 nodes in a pool, with a quota of 600",
      {
        ...wide,
        account: { quotas: { nodesPerNodeGroup: 600 } },
        nodePools: { big: { size: { max: 601 } } },
      },
      'nodePools.big.size.max: max is 601; the quota "Nodes per managed node group" (L-BD136A63) is 600. Split the pool, or have AWS raise it and set account.quotas.nodesPerNodeGroup.',
    ],
    [
      "keys that differ in case alone",
      { tags: { Team: "a", environment: "b", team: "c" } },
      "tags.team: it differs from Team only in case; IAM treats both as one key, and roles have every tag. Remove one.",
    ],
    [
      "a key that differs from Name in case alone, on a role that has it",
      { network: { flowLogs: true }, tags: { name: "a" } },
      "tags.name: it differs from Name only in case; IAM treats both as one key, and roles have this program's tag of that name. Choose another key.",
    ],
  ])("%s", (_, change, line) => {
    expect(settingsLines(change)).toEqual([line]);
  });

  it.each<[string, SettingsChange]>([
    ["30 pools", { nodePools: pools(30) }],
    [
      "31 pools and 600 nodes in one, with quotas for them",
      {
        ...wide,
        account: { quotas: { nodeGroupsPerCluster: 31, nodesPerNodeGroup: 600 } },
        nodePools: { ...pools(30), big: { size: { max: 600 } } },
      },
    ],
    ["450 nodes in a pool", { ...wide, nodePools: { big: { size: { max: 450 } } } }],
    ["49 tags and Name", { tags: tags(49) }],
    ["50 tags, Name among them", { tags: tags(49, "Name") }],
    ["40 ranges", { cluster: { publicAccessCidrs: cidrs(40) } }],
    ["keys that differ in a letter", { tags: { team: "a", teams: "b" } }],
    ["name without a role that has Name", { tags: { name: "a" } }],
    ["Name itself", { network: { flowLogs: true }, tags: { Name: "a" } }],
  ])("but not %s", (_, change) => {
    expect(settingsLines(change)).toEqual([]);
  });
});

describe("a number over a quota that can be raised is a warning", () => {
  it.each<[string, SettingsChange, string]>([
    [
      "62 rules of the nodes' security group",
      { nodePorts: { clients: cidrs(27) } },
      "nodePorts.clients: the nodes' security group has 62 rules, two for each range; AWS allows 60 rules in a security group, unless the account's quota L-0EA8095F has been raised.",
    ],
    [
      "tags that leave EKS no room for its own",
      { tags: tags(45) },
      "tags: instances have 46 tags and about 5 that EKS adds; AWS allows 50. Remove 1.",
    ],
  ])("%s", (_, change, line) => {
    expect(quotaAdvice(settings(change))).toEqual([line]);
  });

  it.each<[string, SettingsChange]>([
    ["60 rules", { nodePorts: { clients: cidrs(26) } }],
    ["44 tags", { tags: tags(44) }],
  ])("but not %s", (_, change) => {
    expect(quotaAdvice(settings(change))).toEqual([]);
  });
});
