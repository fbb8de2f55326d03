/** Actions that the provider calls for a resource of one type; empty: it calls none of its own. */
interface TypeActions {
  readonly create: readonly string[];
  /** Also after a creation, and in a refresh. */
  readonly read: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
}

const tags = ["eks:TagResource", "eks:UntagResource"] as const;

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
  "aws:eks/accessEntry:AccessEntry": {
    create: ["eks:CreateAccessEntry", "eks:TagResource"],
    read: ["eks:DescribeAccessEntry"],
    update: ["eks:UpdateAccessEntry", ...tags],
    delete: ["eks:DeleteAccessEntry"],
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    create: ["eks:AssociateAccessPolicy"],
    read: ["eks:ListAssociatedAccessPolicies"],
    update: ["eks:AssociateAccessPolicy"],
    delete: ["eks:DisassociateAccessPolicy"],
  },
  "aws:eks/addon:Addon": {
    create: ["eks:CreateAddon", "eks:TagResource"],
    read: ["eks:DescribeAddon"],
    update: ["eks:DescribeUpdate", "eks:UpdateAddon", ...tags],
    delete: ["eks:DeleteAddon"],
  },
  // The service-linked role is made with the first cluster of an account. The key: EKS user guide, envelope-encryption.
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
      ...tags,
    ],
    delete: ["eks:DeleteCluster"],
  },
  // EKS asks whether whoever calls may start instances from the launch template.
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
      ...tags,
    ],
    delete: ["eks:DeleteNodegroup"],
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
} as const satisfies Record<string, TypeActions>;
