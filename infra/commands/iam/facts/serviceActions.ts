import type { TypeActions } from "./networkActions.ts";

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

/**
 * IAM actions by what the program reads from AWS before anything is registered. Empty: AWS allows it to everyone, or the provider
 * needs no call. Sources: terraform-provider-aws, data sources of the same names; AWS, Service Authorization Reference.
 * Read 2026-11-21.
 */
export const lookupActions = {
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ["ec2:DescribeInstanceTypeOfferings"],
  "aws:ec2/getSubnet:getSubnet": ["ec2:DescribeSubnets"],
  "aws:ec2/getSubnets:getSubnets": ["ec2:DescribeSubnets"],
  "aws:ec2/getVpc:getVpc": ["ec2:DescribeRouteTables", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"],
  "aws:eks/getAddonVersion:getAddonVersion": ["eks:DescribeAddonVersions"],
  "aws:index/getAvailabilityZones:getAvailabilityZones": ["ec2:DescribeAvailabilityZones"],
  "aws:index/getCallerIdentity:getCallerIdentity": [],
  "aws:index/getPartition:getPartition": [],
  "aws:ssm/getParameter:getParameter": ["ssm:GetParameter"],
} as const satisfies Record<string, readonly string[]>;
