import { pathText } from "../settings/paths.ts";
import type { Settings } from "../settings/settings.ts";
import { nodeIngress, nodeTraffic } from "../specs/firewall.ts";
import type { Found, Problem } from "../values/problem.ts";

/** An AWS limit and its code in Service Quotas. */
interface Quota {
  readonly most: number;
  /** Code in Service Quotas when an account may have raised it; undefined: it cannot be raised. */
  readonly code?: string;
}

/**
 * Limits that settings alone can exceed. Sources, read 2026-11-27: EKS user guide, service-quotas; VPC user guide,
 * amazon-vpc-limits; Tagging AWS resources user guide, tag naming limits, and boto/botocore 1.43.11 (IAM, EKS and CloudWatch
 * Logs: 50 tags).
 */
const quotas = {
  tagsPerResource: { most: 50 },
  publicAccessCidrs: { most: 40 },
  rulesPerSecurityGroup: { most: 60, code: "L-0EA8095F" },
} as const satisfies Readonly<Record<string, Quota>>;

/** Key of the tag that gives resources a name in the console. */
const nameTag = "Name";

/**
 * Tags that EKS itself adds to the instances of a managed node group: eks:cluster-name, eks:nodegroup-name,
 * kubernetes.io/cluster/NAME and two of the Cluster Autoscaler's. Source: EKS user guide, managed-node-groups; known from
 * such instances, so this is only a warning.
 */
const tagsOfEks = 5;

/** Rules on limits that AWS never raises, and on tag keys that it treats as equal. */
export function quotaProblems(settings: Settings): Problem[] {
  return [
    tooManyCidrs(settings),
    tooManyTags(settings),
    sameKeys(settings),
    tooManyGroups(settings),
    tooLargeGroups(settings),
  ].flat();
}

/** Warnings about quotas that the account may have raised, a sentence each, in the order of the stack file. */
export function quotaAdvice(settings: Settings): string[] {
  return [manyRules(settings), manyTags(settings)].flat();
}

function tooManyCidrs({ cluster: { publicAccessCidrs } }: Settings): Found {
  const { most } = quotas.publicAccessCidrs;
  if (publicAccessCidrs.length <= most) return [];
  return {
    path: "cluster.publicAccessCidrs",
    found: `there are ${publicAccessCidrs.length} ranges`,
    needs: `EKS allows ${most}, a quota that cannot be raised`,
    fix: "Merge adjacent ranges, or use the private endpoint",
  };
}

function tooManyTags({ tags }: Settings): Found {
  const { most } = quotas.tagsPerResource;
  const count = tagCount(tags);
  if (count <= most) return [];
  return {
    path: "tags",
    found: `there are ${Object.keys(tags).length} tags`,
    needs: `AWS allows ${most} on a resource, and this program adds ${nameTag}`,
    fix: `Remove ${count - most}`,
  };
}

/** IAM compares tag keys without case, and every role of the stack has the tags. */
function sameKeys({ tags, network }: Settings): Problem[] {
  const ours = network.flowLogs && network.existing === undefined ? [nameTag] : [];
  const keys = [...ours, ...Object.keys(tags).filter((key) => !ours.includes(key))];
  return keys.flatMap((key, index) => {
    const first = keys.findIndex((other) => other.toLowerCase() === key.toLowerCase());
    const other = keys[first] ?? "";
    if (first === index) return [];
    return {
      path: pathText(["tags", key]),
      found: `it differs from ${other} only in case`,
      needs: `IAM treats both as one key, and roles have ${ours.includes(other) ? "this program's tag of that name" : "every tag"}`,
      fix: ours.includes(other) ? "Choose another key" : "Remove one",
    };
  });
}

function tooManyGroups({ account: { quotas }, nodePools }: Settings): Found {
  const count = Object.keys(nodePools).length;
  if (count <= quotas.nodeGroupsPerCluster) return [];
  return {
    path: "nodePools",
    found: `there are ${count} pools`,
    needs: `the quota "Managed node groups per cluster" (L-6D54EA21) is ${quotas.nodeGroupsPerCluster}`,
    fix: `Remove ${count - quotas.nodeGroupsPerCluster}, or have AWS raise it and set account.quotas.nodeGroupsPerCluster`,
  };
}

function tooLargeGroups({ account: { quotas }, nodePools }: Settings): Problem[] {
  return Object.entries(nodePools)
    .filter(([, { size }]) => size.max > quotas.nodesPerNodeGroup)
    .map(([name, { size }]) => ({
      path: `nodePools.${name}.size.max`,
      found: `max is ${size.max}`,
      needs: `the quota "Nodes per managed node group" (L-BD136A63) is ${quotas.nodesPerNodeGroup}`,
      fix: "Split the pool, or have AWS raise it and set account.quotas.nodesPerNodeGroup",
    }));
}

function manyRules(settings: Settings): string | string[] {
  const { most, code } = quotas.rulesPerSecurityGroup;
  const count = nodeIngress(nodeTraffic(settings, [settings.network.vpcCidr])).length;
  if (count <= most) return [];
  return `nodePorts.clients: the nodes' security group has ${count} rules, two for each range; AWS allows ${most} rules in a security group, unless the account's quota ${code} has been raised.`;
}

function manyTags({ tags }: Settings): string | string[] {
  const { most } = quotas.tagsPerResource;
  const count = tagCount(tags);
  if (count > most || count + tagsOfEks <= most) return [];
  return `tags: instances have ${count} tags and about ${tagsOfEks} that EKS adds; AWS allows ${most}. Remove ${count + tagsOfEks - most}.`;
}

function tagCount(tags: Settings["tags"]): number {
  return new Set([...Object.keys(tags), nameTag]).size;
}
