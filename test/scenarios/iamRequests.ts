import type { GraphResource } from "../../infra/commands/shared/graph.ts";
import { type AccessRequest, trusts } from "../simulator/aws/policies.ts";
import type { Values } from "../simulator/protocol/provider.ts";
import { callsOnBehalf } from "./onBehalf.ts";

/** Actions on the resource's own ARN when it is deleted. */
const deletions: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "logs:DeleteLogGroup",
  "aws:ec2/flowLog:FlowLog": "ec2:DeleteFlowLogs",
  "aws:ec2/internetGateway:InternetGateway": "ec2:DeleteInternetGateway",
  "aws:ec2/launchTemplate:LaunchTemplate": "ec2:DeleteLaunchTemplate",
  "aws:ec2/routeTable:RouteTable": "ec2:DeleteRouteTable",
  "aws:ec2/securityGroup:SecurityGroup": "ec2:DeleteSecurityGroup",
  "aws:ec2/subnet:Subnet": "ec2:DeleteSubnet",
  "aws:ec2/vpc:Vpc": "ec2:DeleteVpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "ec2:DeleteVpcEndpoints",
  "aws:eks/addon:Addon": "eks:DeleteAddon",
  "aws:eks/cluster:Cluster": "eks:DeleteCluster",
  "aws:eks/nodeGroup:NodeGroup": "eks:DeleteNodegroup",
  "aws:iam/role:Role": "iam:DeleteRole",
  "aws:kms/alias:Alias": "kms:DeleteAlias",
  "aws:kms/key:Key": "kms:ScheduleKeyDeletion",
};

/** Requests that AWS judges for what an `up` has created: by the provider, and by AWS itself in the caller's name. */
export function requestsFor(resources: readonly GraphResource[]): AccessRequest[] {
  const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
  const onBehalf = callsOnBehalf(resources, "111122223333");
  const own = resources.flatMap((one) => [
    ...deletion(one),
    ...ofRole(one),
    ...ofAttachment(one, roles),
    ...ofAccessPolicy(one),
    ...ofLaunchTemplate(one),
  ]);
  return [...own, ...onBehalf];
}

function deletion({ type, outputs }: GraphResource): AccessRequest[] {
  const action = deletions[type];
  return action === undefined ? [] : [{ action, resource: String(outputs["arn"]), context: {} }];
}

/** Its creation under the boundary, and its being handed to the service that it is for. */
function ofRole({ type, inputs, outputs }: GraphResource): AccessRequest[] {
  if (type !== "aws:iam/role:Role") return [];
  const resource = String(outputs["arn"]);
  const services = ["ec2", "eks", "vpc-flow-logs"].map((name) => `${name}.amazonaws.com`);
  const passed = services.filter((service) => trusts((inputs as Values)["assumeRolePolicy"], service));
  return [
    ...["iam:CreateRole", "iam:PutRolePolicy"].map((action) => ({
      action,
      resource,
      context: boundaryOf(inputs),
    })),
    ...passed.map((service) => ({
      action: "iam:PassRole",
      resource,
      context: { "iam:PassedToService": service },
    })),
  ];
}

function ofAttachment({ type, inputs }: GraphResource, roles: readonly GraphResource[]): AccessRequest[] {
  if (type !== "aws:iam/rolePolicyAttachment:RolePolicyAttachment") return [];
  const role = roles.find(({ outputs }) => outputs["name"] === inputs["role"]);
  const context = { ...boundaryOf(role?.inputs ?? {}), "iam:PolicyARN": String(inputs["policyArn"]) };
  return [{ action: "iam:AttachRolePolicy", resource: String(role?.outputs["arn"]), context }];
}

/** ARN of an access entry: its cluster, and kind, account and name of its principal. */
function ofAccessPolicy({ type, inputs, outputs }: GraphResource): AccessRequest[] {
  if (type !== "aws:eks/accessPolicyAssociation:AccessPolicyAssociation") return [];
  const [, partition, , , account = "", principal = ""] = String(inputs["principalArn"]).split(":");
  const [kind, ...name] = principal.split("/");
  const entry = `access-entry/${outputs["clusterName"]}/${kind}/${account}/${name.join("/")}/0a1b2c3d`;
  return [
    {
      action: "eks:AssociateAccessPolicy",
      resource: `arn:${partition}:eks:eu-west-1:${account}:${entry}`,
      context: { "eks:policyArn": String(inputs["policyArn"]) },
    },
  ];
}

function ofLaunchTemplate({ type, outputs }: GraphResource): AccessRequest[] {
  if (type !== "aws:ec2/launchTemplate:LaunchTemplate") return [];
  const template = String(outputs["arn"]);
  return [template.replace(/launch-template\/.*/, "instance/i-1"), "arn:aws:ec2:eu-west-1::image/ami-1"].map(
    (resource) => ({ action: "ec2:RunInstances", resource, context: { "ec2:LaunchTemplate": template } }),
  );
}

function boundaryOf(inputs: Readonly<Record<string, unknown>>): Record<string, string> {
  const boundary = inputs["permissionsBoundary"];
  return boundary === undefined ? {} : { "iam:PermissionsBoundary": String(boundary) };
}
