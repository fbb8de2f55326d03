import { serviceLinkedRoles } from "../../infra/commands/iam/facts/scopes.ts";
import type { GraphResource } from "../../infra/commands/shared/graph.ts";
import type { AccessRequest } from "../simulator/aws/policies.ts";
import { at, text, texts } from "../simulator/aws/values.ts";
import type { Values } from "../simulator/protocol/provider.ts";

type Created = Pick<GraphResource, "type" | "inputs" | "outputs">;

/**
 * What AWS asks IAM in the caller's name while it creates these: the provider never calls these actions itself, and a
 * policy that lacks one is denied all the same. Source: AWS, Service Authorization Reference, dependent actions of
 * CreateCluster, CreateNodegroup, CreateFlowLogs and CreateVpcEndpoint (2026-06, read 2026-11-27).
 */
export function callsOnBehalf(resources: readonly Created[], account: string): AccessRequest[] {
  return resources.flatMap((one) => [
    ...ofLinkedRoles(one, account),
    ...(one.type === "aws:eks/cluster:Cluster" ? ofCluster(one) : []),
    ...(one.type === "aws:eks/nodeGroup:NodeGroup" ? ofNodeGroup(one) : []),
    ...(one.type === "aws:ec2/vpcEndpoint:VpcEndpoint" ? ofEndpoint(one) : []),
  ]);
}

/** AWS looks for its own role, and makes it where the account has none. */
function ofLinkedRoles({ type, inputs }: Created, account: string): AccessRequest[] {
  const isSpot = inputs["capacityType"] === "SPOT";
  return Object.entries(serviceLinkedRoles)
    .filter(([, linked]) => linked.type === type && (isSpot || !linked.spotOnly))
    .flatMap(([service, { role }]) => {
      const resource = `arn:aws:iam::${account}:role/aws-service-role/${service}/${role}`;
      return [
        { action: "iam:GetRole", resource, context: {} },
        { action: "iam:CreateServiceLinkedRole", resource, context: { "iam:AWSServiceName": service } },
      ];
    });
}

function ofCluster({ inputs }: Created): AccessRequest[] {
  const values = inputs as Values;
  const key = text(values, "encryptionConfig.provider.keyArn");
  return [
    ...["ec2:DescribeSubnets", "ec2:DescribeVpcs"].map(anywhere),
    { action: "iam:GetRole", resource: text(values, "roleArn"), context: {} },
    ...(key === "" ? [] : ["kms:DescribeKey", "kms:CreateGrant"]).map((action) => ({
      action,
      resource: key,
      context: {},
    })),
  ];
}

function ofNodeGroup({ inputs }: Created): AccessRequest[] {
  const resource = text(inputs as Values, "nodeRoleArn");
  return [
    ...["ec2:DescribeSubnets", "ec2:DescribeLaunchTemplateVersions"].map(anywhere),
    ...["iam:GetRole", "iam:ListAttachedRolePolicies"].map((action) => ({ action, resource, context: {} })),
  ];
}

/** Names inside the VPC come by a hosted zone of AWS's own. */
function ofEndpoint({ inputs }: Created): AccessRequest[] {
  const values = inputs as Values;
  if (at(values, "privateDnsEnabled") !== true || texts(values, "subnetIds").length === 0) return [];
  return [
    {
      action: "route53:AssociateVPCWithHostedZone",
      resource: "arn:aws:route53:::hostedzone/Z0123456789ABC",
      context: {},
    },
  ];
}

function anywhere(action: string): AccessRequest {
  return { action, resource: "*", context: {} };
}
