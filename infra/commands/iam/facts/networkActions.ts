/** Actions that the provider calls for a resource of one type; empty: none. */
export interface TypeActions {
  readonly create: readonly string[];
  /** Also after a creation, and in a refresh. */
  readonly read: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
}

const ec2Tags = ["ec2:CreateTags", "ec2:DeleteTags"] as const;

/**
 * IAM actions by resource type, for every type of EC2 and VPC that this program registers. Sources:
 * terraform-provider-aws, internal/service/ec2, which @pulumi/aws 7.48 is built on; JamesWoolfenden/pike,
 * src/mapping/aws/resource (2026-08); each action's name and what it depends on: AWS, Service Authorization Reference
 * (2026-06). Read 2026-11-21.
 */
export const networkActions = {
  // Adopted and emptied, never created; a destroy leaves it.
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    create: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress", "ec2:CreateTags"],
    read: ["ec2:DescribeSecurityGroups"],
    update: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress", ...ec2Tags],
    delete: [],
  },
  "aws:ec2/eip:Eip": {
    create: ["ec2:AllocateAddress", "ec2:CreateTags"],
    read: ["ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"],
    update: ec2Tags,
    delete: ["ec2:DisassociateAddress", "ec2:ReleaseAddress"],
  },
  "aws:ec2/flowLog:FlowLog": {
    create: ["ec2:CreateFlowLogs", "ec2:CreateTags", "iam:PassRole"],
    read: ["ec2:DescribeFlowLogs"],
    update: ec2Tags,
    delete: ["ec2:DeleteFlowLogs"],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    create: ["ec2:AttachInternetGateway", "ec2:CreateInternetGateway", "ec2:CreateTags"],
    read: ["ec2:DescribeInternetGateways"],
    update: ec2Tags,
    delete: ["ec2:DeleteInternetGateway", "ec2:DetachInternetGateway"],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    create: ["ec2:CreateLaunchTemplate", "ec2:CreateTags"],
    read: ["ec2:DescribeLaunchTemplates", "ec2:DescribeLaunchTemplateVersions"],
    update: ["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate", ...ec2Tags],
    delete: ["ec2:DeleteLaunchTemplate"],
  },
  "aws:ec2/natGateway:NatGateway": {
    create: ["ec2:CreateNatGateway", "ec2:CreateTags"],
    read: ["ec2:DescribeNatGateways"],
    update: ec2Tags,
    delete: ["ec2:DeleteNatGateway"],
  },
  "aws:ec2/route:Route": {
    create: ["ec2:CreateRoute"],
    read: ["ec2:DescribeRouteTables"],
    update: ["ec2:ReplaceRoute"],
    delete: ["ec2:DeleteRoute"],
  },
  "aws:ec2/routeTable:RouteTable": {
    create: ["ec2:CreateRouteTable", "ec2:CreateTags"],
    read: ["ec2:DescribeRouteTables"],
    update: ec2Tags,
    delete: ["ec2:DeleteRouteTable", "ec2:DisassociateRouteTable"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    create: ["ec2:AssociateRouteTable"],
    read: ["ec2:DescribeRouteTables"],
    update: ["ec2:ReplaceRouteTableAssociation"],
    delete: ["ec2:DisassociateRouteTable"],
  },
  // A new group allows all egress; the provider removes that rule.
  "aws:ec2/securityGroup:SecurityGroup": {
    create: ["ec2:CreateSecurityGroup", "ec2:CreateTags", "ec2:RevokeSecurityGroupEgress"],
    read: ["ec2:DescribeSecurityGroups"],
    update: ec2Tags,
    delete: ["ec2:DeleteSecurityGroup", "ec2:DescribeNetworkInterfaces"],
  },
  "aws:ec2/subnet:Subnet": {
    create: ["ec2:CreateSubnet", "ec2:CreateTags", "ec2:ModifySubnetAttribute"],
    read: ["ec2:DescribeSubnets"],
    update: ["ec2:ModifySubnetAttribute", ...ec2Tags],
    delete: ["ec2:DeleteSubnet", "ec2:DescribeNetworkInterfaces"],
  },
  // Reads what AWS creates together with a VPC: its network ACL, main route table and default security group.
  "aws:ec2/vpc:Vpc": {
    create: ["ec2:CreateTags", "ec2:CreateVpc", "ec2:ModifyVpcAttribute"],
    read: [
      "ec2:DescribeNetworkAcls",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeVpcAttribute",
      "ec2:DescribeVpcs",
    ],
    update: ["ec2:ModifyVpcAttribute", ...ec2Tags],
    delete: ["ec2:DeleteVpc"],
  },
  // Private DNS names come with a hosted zone that AWS manages.
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    create: ["ec2:CreateTags", "ec2:CreateVpcEndpoint", "route53:AssociateVPCWithHostedZone"],
    read: [
      "ec2:DescribePrefixLists",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcEndpoints",
      "ec2:DescribeVpcs",
    ],
    update: ["ec2:ModifyVpcEndpoint", ...ec2Tags],
    delete: ["ec2:DeleteVpcEndpoints"],
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    create: ["ec2:AuthorizeSecurityGroupEgress", "ec2:CreateTags"],
    read: ["ec2:DescribeSecurityGroupRules"],
    update: ["ec2:ModifySecurityGroupRules", ...ec2Tags],
    delete: ["ec2:RevokeSecurityGroupEgress"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    create: ["ec2:AuthorizeSecurityGroupIngress", "ec2:CreateTags"],
    read: ["ec2:DescribeSecurityGroupRules"],
    update: ["ec2:ModifySecurityGroupRules", ...ec2Tags],
    delete: ["ec2:RevokeSecurityGroupIngress"],
  },
} as const satisfies Record<string, TypeActions>;
