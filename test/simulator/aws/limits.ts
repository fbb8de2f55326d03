import type { Values } from "../protocol/provider.ts";
import type { AwsObject, Quotas, Request } from "./model.ts";
import { types } from "./types.ts";
import { number, record, records, text, texts } from "./values.ts";

/** What an account may have before it asks for more (EKS user guide, service-quotas; VPC user guide, amazon-vpc-limits). */
export const defaultQuotas: Quotas = {
  nodeGroupsPerCluster: 30,
  nodesPerNodeGroup: 450,
  rulesPerSecurityGroup: 60,
};

const mostTags = 50;

const mostPublicAccessCidrs = 40;

const validation = `failed to satisfy constraint: Member must have length less than or equal to ${mostTags}`;

/** How each service refuses too many tags; the rest is EC2's. */
const tooManyTags: Readonly<Record<string, string>> = {
  "aws:iam": `ValidationError: 1 validation error detected: Value at 'tags' ${validation}`,
  "aws:eks": `InvalidParameterException: 1 validation error detected: Value at 'tags' ${validation}`,
  "aws:cloudwatch": `InvalidParameterException: 1 validation error detected: Value at 'tags' ${validation}`,
  "aws:kms": "TagException: Too many tags",
};

/** Why AWS refuses the tags of a resource. */
export function refusesTags(type: string, inputs: Values): string | undefined {
  const [service = ""] = type.split("/");
  const all = [inputs, ...records(inputs, "tagSpecifications")].map((from) =>
    Object.keys(record(from, "tags")),
  );
  if (all.some((keys) => keys.length > mostTags)) {
    return (
      tooManyTags[service] ?? "TagLimitExceeded: The maximum number of Tags for a resource has been reached."
    );
  }
  return service === "aws:iam" && all.some(hasOneTwice)
    ? "InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive."
    : undefined;
}

function hasOneTwice(keys: readonly string[]): boolean {
  return new Set(keys.map((key) => key.toLowerCase())).size < keys.length;
}

export function refusesAccessCidrs(inputs: Values): string | undefined {
  return texts(inputs, "vpcConfig.publicAccessCidrs").length > mostPublicAccessCidrs
    ? `InvalidParameterException: You can not have more than ${mostPublicAccessCidrs} CIDRs in publicAccessCidrs`
    : undefined;
}

export function refusesNodeGroupQuota({ inputs, cloud, self }: Request): string | undefined {
  const { nodeGroupsPerCluster, nodesPerNodeGroup } = cloud.quotas;
  const clusterName = text(inputs, "clusterName");
  const others = inCluster(cloud.ofType(types.nodeGroup), clusterName).filter((one) => one !== self);
  if (others.length >= nodeGroupsPerCluster) {
    return `ResourceLimitExceededException: Cluster ${clusterName} has the maximum number of nodegroups, ${nodeGroupsPerCluster}`;
  }
  return (number(inputs, "scalingConfig.maxSize") ?? 0) > nodesPerNodeGroup
    ? `InvalidParameterException: Maximum capacity can't be greater than ${nodesPerNodeGroup}`
    : undefined;
}

function inCluster(groups: readonly AwsObject[], clusterName: string): AwsObject[] {
  return groups.filter((group) => text(group.inputs, "clusterName") === clusterName);
}

export function refusesRuleQuota({ inputs, cloud, self, subject }: Request): string | undefined {
  const groupId = text(inputs, "securityGroupId");
  const others = cloud
    .ofType(subject.type)
    .filter((rule) => rule !== self && text(rule.inputs, "securityGroupId") === groupId);
  return others.length >= cloud.quotas.rulesPerSecurityGroup
    ? "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has been reached."
    : undefined;
}
