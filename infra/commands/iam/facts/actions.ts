/** Actions that the provider calls for a resource of one type; empty: none. */
interface TypeActions {
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

const eksTags = ["eks:TagResource", "eks:UntagResource"] as const;

/**
 * IAM actions by resource type, for every type but those of EC2 and VPC that this program registers, the eks component's
 * children among them. Sources: terraform-provider-aws, internal/service/{eks,iam,kms,logs}, which @pulumi/aws 7.48 is
 * built on; JamesWoolfenden/pike, src/mapping/aws/resource (2026-08); each action's name and what it depends on: AWS,
 * Service Authorization Reference (2026-06). Read 2026-11-21.
 */
export const serviceActions = {
  "aws:cloudwatch/logGroup:LogGroup": {
    create: ["logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:TagResource"],
    read: ["logs:DescribeLogGroups", "logs:ListTagsForResource"],
    update: ["logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource"],
    delete: ["logs:DeleteLogGroup"],
  },
  "aws:cloudwatch/eventRule:EventRule": {
    create: ["events:PutRule", "events:TagResource"],
    read: ["events:DescribeRule", "events:ListTagsForResource"],
    update: ["events:PutRule", "events:TagResource", "events:UntagResource"],
    delete: ["events:DeleteRule"],
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    create: ["events:PutTargets"],
    read: ["events:ListTargetsByRule"],
    update: ["events:PutTargets"],
    delete: ["events:RemoveTargets"],
  },
  "aws:eks/accessEntry:AccessEntry": {
    create: ["eks:CreateAccessEntry", "eks:TagResource"],
    read: ["eks:DescribeAccessEntry"],
    update: ["eks:UpdateAccessEntry", ...eksTags],
    delete: ["eks:DeleteAccessEntry"],
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    create: ["eks:AssociateAccessPolicy"],
    read: ["eks:ListAssociatedAccessPolicies"],
    update: ["eks:AssociateAccessPolicy"],
    delete: ["eks:DisassociateAccessPolicy"],
  },
  // The program itself asks for the schema of a configuration.
  "aws:eks/addon:Addon": {
    create: ["eks:CreateAddon", "eks:TagResource"],
    read: ["eks:DescribeAddon", "eks:DescribeAddonConfiguration"],
    update: ["eks:DescribeUpdate", "eks:UpdateAddon", ...eksTags],
    delete: ["eks:DeleteAddon"],
  },
  // The service-linked role is created with the first cluster of an account. The key: EKS user guide, envelope-encryption.
  "aws:eks/cluster:Cluster": {
    create: [
      "eks:CreateCluster",
      "eks:TagResource",
      "iam:CreateServiceLinkedRole",
      "iam:GetRole",
      "iam:PassRole",
      "kms:CreateGrant",
      "kms:DescribeKey",
    ],
    read: ["ec2:DescribeSubnets", "ec2:DescribeVpcs", "eks:DescribeCluster"],
    update: [
      "eks:AssociateEncryptionConfig",
      "eks:DescribeUpdate",
      "eks:UpdateClusterConfig",
      "eks:UpdateClusterVersion",
      ...eksTags,
    ],
    delete: ["eks:DeleteCluster"],
  },
  // EKS checks whether the caller may start instances from the launch template.
  "aws:eks/nodeGroup:NodeGroup": {
    create: [
      "ec2:CreateTags",
      "ec2:RunInstances",
      "eks:CreateNodegroup",
      "eks:TagResource",
      "iam:CreateServiceLinkedRole",
      "iam:GetRole",
      "iam:ListAttachedRolePolicies",
      "iam:PassRole",
    ],
    read: [
      "ec2:DescribeLaunchTemplates",
      "ec2:DescribeLaunchTemplateVersions",
      "ec2:DescribeSubnets",
      "eks:DescribeNodegroup",
    ],
    update: [
      "ec2:RunInstances",
      "eks:DescribeUpdate",
      "eks:UpdateNodegroupConfig",
      "eks:UpdateNodegroupVersion",
      ...eksTags,
    ],
    delete: ["eks:DeleteNodegroup"],
  },
  // EKS checks the role's trust policy, and passes the role on.
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    create: ["eks:CreatePodIdentityAssociation", "eks:TagResource", "iam:GetRole", "iam:PassRole"],
    read: ["eks:DescribePodIdentityAssociation"],
    update: ["eks:UpdatePodIdentityAssociation", "iam:GetRole", "iam:PassRole", ...eksTags],
    delete: ["eks:DeletePodIdentityAssociation"],
  },
  // A profile takes its role in a second call.
  "aws:iam/instanceProfile:InstanceProfile": {
    create: [
      "iam:AddRoleToInstanceProfile",
      "iam:CreateInstanceProfile",
      "iam:PassRole",
      "iam:TagInstanceProfile",
    ],
    read: ["iam:GetInstanceProfile"],
    update: [
      "iam:AddRoleToInstanceProfile",
      "iam:PassRole",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:TagInstanceProfile",
      "iam:UntagInstanceProfile",
    ],
    delete: ["iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    create: ["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"],
    read: ["iam:GetOpenIDConnectProvider"],
    update: [
      "iam:AddClientIDToOpenIDConnectProvider",
      "iam:RemoveClientIDFromOpenIDConnectProvider",
      "iam:TagOpenIDConnectProvider",
      "iam:UntagOpenIDConnectProvider",
      "iam:UpdateOpenIDConnectProviderThumbprint",
    ],
    delete: ["iam:DeleteOpenIDConnectProvider"],
  },
  "aws:iam/role:Role": {
    create: ["iam:CreateRole", "iam:TagRole"],
    read: ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
    update: [
      "iam:DeleteRolePermissionsBoundary",
      "iam:PutRolePermissionsBoundary",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
    ],
    delete: ["iam:DeleteRole", "iam:ListInstanceProfilesForRole"],
  },
  "aws:iam/rolePolicy:RolePolicy": {
    create: ["iam:PutRolePolicy"],
    read: ["iam:GetRolePolicy"],
    update: ["iam:PutRolePolicy"],
    delete: ["iam:DeleteRolePolicy"],
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    create: ["iam:AttachRolePolicy"],
    read: ["iam:ListAttachedRolePolicies"],
    update: [],
    delete: ["iam:DetachRolePolicy"],
  },
  "aws:kms/alias:Alias": {
    create: ["kms:CreateAlias"],
    read: ["kms:ListAliases"],
    update: ["kms:UpdateAlias"],
    delete: ["kms:DeleteAlias"],
  },
  "aws:kms/key:Key": {
    create: ["kms:CreateKey", "kms:EnableKeyRotation", "kms:TagResource"],
    read: ["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"],
    update: ["kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription"],
    delete: ["kms:ScheduleKeyDeletion"],
  },
  "aws:sqs/queue:Queue": {
    create: ["sqs:CreateQueue", "sqs:TagQueue"],
    read: ["sqs:GetQueueAttributes", "sqs:ListQueueTags"],
    update: ["sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
    delete: ["sqs:DeleteQueue"],
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    create: ["sqs:SetQueueAttributes"],
    read: ["sqs:GetQueueAttributes"],
    update: ["sqs:SetQueueAttributes"],
    delete: ["sqs:SetQueueAttributes"],
  },
} as const satisfies Record<string, TypeActions>;
