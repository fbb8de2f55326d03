import { lookUp } from "../../components/values/lookUp.ts";
import type { PolicyResource, StackPolicy } from "./policy.ts";
import { at, isUnknown } from "./values.ts";

/**
 * Whether AWS can tag a resource of a type, for those that this program registers. Source: the provider's schema, where
 * only what can be tagged has `tags` (@pulumi/aws 7.48, read 2026-11-21). The component `eks:index:Cluster` passes its tags on.
 */
export const taggable = {
  "aws:cloudwatch/logGroup:LogGroup": true,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": true,
  "aws:ec2/eip:Eip": true,
  "aws:ec2/flowLog:FlowLog": true,
  "aws:ec2/internetGateway:InternetGateway": true,
  "aws:ec2/launchTemplate:LaunchTemplate": true,
  "aws:ec2/natGateway:NatGateway": true,
  "aws:ec2/route:Route": false,
  "aws:ec2/routeTable:RouteTable": true,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": false,
  "aws:ec2/securityGroup:SecurityGroup": true,
  "aws:ec2/subnet:Subnet": true,
  "aws:ec2/vpc:Vpc": true,
  "aws:ec2/vpcEndpoint:VpcEndpoint": true,
  "aws:eks/accessEntry:AccessEntry": true,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": false,
  "aws:eks/addon:Addon": true,
  "aws:eks/cluster:Cluster": true,
  "aws:eks/nodeGroup:NodeGroup": true,
  "aws:iam/role:Role": true,
  "aws:iam/rolePolicy:RolePolicy": false,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": false,
  "aws:kms/alias:Alias": false,
  "aws:kms/key:Key": true,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": true,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": true,
} as const satisfies Record<string, boolean>;

const clusterTypes = ["eks:index:Cluster", "aws:eks/cluster:Cluster"];

/** Costs and owners are found by tags, and only where every resource has them. */
export const tagsPresent: StackPolicy = {
  of: "stack",
  name: "tags-present",
  description: "Every taggable AWS resource has the required tags and the cluster's tags.",
  violations: (resources, { requiredTags }) => {
    const needed = [...new Set([...requiredTags, ...resources.flatMap(keysOfCluster)])];
    return resources.flatMap(({ urn, type, inputs }) => {
      const tags = tagsOf(type, inputs);
      if (tags === undefined) return [];
      const missing = needed.filter((key) => at(tags, key) === undefined);
      if (missing.length === 0) return [];
      const plural = missing.length === 1 ? "it is" : "they are";
      return [
        {
          urn,
          message: `it has no tag ${missing.join(", ")}; ${plural} needed on everything. Set tags in the stack file, or on the resource.`,
        },
      ];
    });
  },
};

/** Tags that the stack gives its cluster; Name is each resource's own. */
function keysOfCluster({ type, inputs }: PolicyResource): string[] {
  const tags = inputs["tags"];
  if (!clusterTypes.includes(type) || typeof tags !== "object" || tags === null) return [];
  return Object.keys(tags).filter((key) => key !== "Name");
}

/** The tags of a resource that can have some; undefined where it cannot, or where they are unknown. */
function tagsOf(type: string, inputs: PolicyResource["inputs"]): unknown {
  const { tags, tagsAll } = inputs;
  const isTaggable = lookUp(taggable, type) ?? (tags !== undefined || tagsAll !== undefined);
  if (!isTaggable || isUnknown(tags)) return undefined;
  // The provider's default tags count, too.
  return { ...(isObject(tagsAll) ? tagsAll : {}), ...(isObject(tags) ? tags : {}) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
