/**
 * What each action can be restricted to. `ec2`, `eks…`, `role`, `key`, `alias`, `logGroup`, `eventRule`, `queue`, `parameter`, `hostedZone`: ARNs of that
 * kind; `region`: no resource, but the region; `anything`: no resource at all (Describe and List). The rest is held by
 * a condition as well. Source: AWS, Service Authorization Reference, Resource types and Condition keys of each action
 * (2026-06, read 2026-11-21).
 */
export const scopes = {
  "ec2:AllocateAddress": "ec2",
  "ec2:AssociateRouteTable": "ec2",
  "ec2:AttachInternetGateway": "ec2",
  "ec2:AuthorizeSecurityGroupEgress": "ec2",
  "ec2:AuthorizeSecurityGroupIngress": "ec2",
  "ec2:CreateFlowLogs": "ec2",
  "ec2:CreateInternetGateway": "ec2",
  "ec2:CreateLaunchTemplate": "ec2",
  "ec2:CreateLaunchTemplateVersion": "ec2",
  "ec2:CreateNatGateway": "ec2",
  "ec2:CreateRoute": "ec2",
  "ec2:CreateRouteTable": "ec2",
  "ec2:CreateSecurityGroup": "ec2",
  "ec2:CreateSubnet": "ec2",
  "ec2:CreateTags": "ec2",
  "ec2:CreateVpc": "ec2",
  "ec2:CreateVpcEndpoint": "ec2",
  "ec2:DeleteFlowLogs": "ec2",
  "ec2:DeleteInternetGateway": "ec2",
  "ec2:DeleteLaunchTemplate": "ec2",
  "ec2:DeleteNatGateway": "ec2",
  "ec2:DeleteRoute": "ec2",
  "ec2:DeleteRouteTable": "ec2",
  "ec2:DeleteSecurityGroup": "ec2",
  "ec2:DeleteSubnet": "ec2",
  "ec2:DeleteTags": "ec2",
  "ec2:DeleteVpc": "ec2",
  "ec2:DeleteVpcEndpoints": "ec2",
  "ec2:DescribeAddresses": "anything",
  "ec2:DescribeAddressesAttribute": "anything",
  "ec2:DescribeAvailabilityZones": "anything",
  "ec2:DescribeFlowLogs": "anything",
  "ec2:DescribeInstanceTypeOfferings": "anything",
  "ec2:DescribeInternetGateways": "anything",
  "ec2:DescribeLaunchTemplateVersions": "anything",
  "ec2:DescribeLaunchTemplates": "anything",
  "ec2:DescribeNatGateways": "anything",
  "ec2:DescribeNetworkAcls": "anything",
  "ec2:DescribeNetworkInterfaces": "anything",
  "ec2:DescribePrefixLists": "anything",
  "ec2:DescribeRouteTables": "anything",
  "ec2:DescribeSecurityGroupRules": "anything",
  "ec2:DescribeSecurityGroups": "anything",
  "ec2:DescribeSubnets": "anything",
  "ec2:DescribeVpcAttribute": "ec2",
  "ec2:DescribeVpcEndpoints": "anything",
  "ec2:DescribeVpcs": "anything",
  "ec2:DetachInternetGateway": "ec2",
  "ec2:DisassociateAddress": "ec2",
  "ec2:DisassociateRouteTable": "ec2",
  "ec2:ModifyLaunchTemplate": "ec2",
  "ec2:ModifySecurityGroupRules": "ec2",
  "ec2:ModifySubnetAttribute": "ec2",
  "ec2:ModifyVpcAttribute": "ec2",
  "ec2:ModifyVpcEndpoint": "ec2",
  "ec2:ReleaseAddress": "ec2",
  "ec2:ReplaceRoute": "ec2",
  "ec2:ReplaceRouteTableAssociation": "ec2",
  "ec2:RevokeSecurityGroupEgress": "ec2",
  "ec2:RevokeSecurityGroupIngress": "ec2",
  "ec2:RunInstances": "instance",
  "eks:AssociateAccessPolicy": "accessPolicy",
  "eks:AssociateEncryptionConfig": "eksCluster",
  "eks:CreateAccessEntry": "eksCluster",
  "eks:CreateAddon": "eksCluster",
  "eks:CreateCluster": "region",
  "eks:CreateNodegroup": "eksCluster",
  "eks:CreatePodIdentityAssociation": "eksCluster",
  "eks:DeleteAccessEntry": "eksPart",
  "eks:DeleteAddon": "eksPart",
  "eks:DeleteCluster": "eksCluster",
  "eks:DeleteNodegroup": "eksPart",
  "eks:DeletePodIdentityAssociation": "eksPart",
  "eks:DescribeAccessEntry": "eksPart",
  "eks:DescribeAddon": "eksPart",
  "eks:DescribeAddonConfiguration": "anything",
  "eks:DescribeAddonVersions": "anything",
  "eks:DescribeCluster": "eksCluster",
  "eks:DescribeNodegroup": "eksPart",
  "eks:DescribePodIdentityAssociation": "eksPart",
  "eks:DescribeUpdate": "eksAny",
  "eks:DisassociateAccessPolicy": "eksPart",
  "eks:ListAssociatedAccessPolicies": "eksPart",
  "eks:TagResource": "eksAny",
  "eks:UntagResource": "eksAny",
  "eks:UpdateAccessEntry": "eksPart",
  "eks:UpdateAddon": "eksPart",
  "eks:UpdateClusterConfig": "eksCluster",
  "eks:UpdateClusterVersion": "eksCluster",
  "eks:UpdateNodegroupConfig": "eksPart",
  "eks:UpdateNodegroupVersion": "eksPart",
  "eks:UpdatePodIdentityAssociation": "eksPart",
  "events:DeleteRule": "eventRule",
  "events:DescribeRule": "eventRule",
  "events:ListTagsForResource": "eventRule",
  "events:ListTargetsByRule": "eventRule",
  "events:PutRule": "eventRule",
  "events:PutTargets": "eventRule",
  "events:RemoveTargets": "eventRule",
  "events:TagResource": "eventRule",
  "events:UntagResource": "eventRule",
  "iam:AddClientIDToOpenIDConnectProvider": "oidcProvider",
  "iam:AddRoleToInstanceProfile": "instanceProfile",
  "iam:AttachRolePolicy": "attachment",
  "iam:CreateInstanceProfile": "instanceProfile",
  "iam:CreateOpenIDConnectProvider": "oidcProvider",
  "iam:CreateRole": "boundedRole",
  "iam:CreateServiceLinkedRole": "serviceLinkedRole",
  "iam:DeleteInstanceProfile": "instanceProfile",
  "iam:DeleteOpenIDConnectProvider": "oidcProvider",
  "iam:DeleteRole": "role",
  "iam:DeleteRolePermissionsBoundary": "unboundRole",
  "iam:DeleteRolePolicy": "boundedRole",
  "iam:DetachRolePolicy": "attachment",
  "iam:GetInstanceProfile": "instanceProfile",
  "iam:GetOpenIDConnectProvider": "oidcProvider",
  "iam:GetRole": "readRole",
  "iam:GetRolePolicy": "role",
  "iam:ListAttachedRolePolicies": "role",
  "iam:ListInstanceProfilesForRole": "role",
  "iam:ListRolePolicies": "role",
  "iam:PassRole": "passedRole",
  "iam:PutRolePermissionsBoundary": "boundedRole",
  "iam:PutRolePolicy": "boundedRole",
  "iam:RemoveClientIDFromOpenIDConnectProvider": "oidcProvider",
  "iam:RemoveRoleFromInstanceProfile": "instanceProfile",
  "iam:TagInstanceProfile": "instanceProfile",
  "iam:TagOpenIDConnectProvider": "oidcProvider",
  "iam:TagRole": "role",
  "iam:UntagInstanceProfile": "instanceProfile",
  "iam:UntagOpenIDConnectProvider": "oidcProvider",
  "iam:UntagRole": "role",
  "iam:UpdateAssumeRolePolicy": "boundedRole",
  "iam:UpdateOpenIDConnectProviderThumbprint": "oidcProvider",
  "kms:CreateAlias": "alias",
  "kms:CreateGrant": "key",
  "kms:CreateKey": "region",
  "kms:DeleteAlias": "alias",
  "kms:DescribeKey": "key",
  "kms:EnableKeyRotation": "key",
  "kms:GetKeyPolicy": "key",
  "kms:GetKeyRotationStatus": "key",
  "kms:ListAliases": "anything",
  "kms:ListResourceTags": "key",
  "kms:ScheduleKeyDeletion": "key",
  "kms:TagResource": "key",
  "kms:UntagResource": "key",
  "kms:UpdateAlias": "alias",
  "kms:UpdateKeyDescription": "key",
  "logs:CreateLogGroup": "logGroup",
  "logs:DeleteLogGroup": "logGroup",
  "logs:DescribeLogGroups": "anything",
  "logs:ListTagsForResource": "logGroup",
  "logs:PutRetentionPolicy": "logGroup",
  "logs:TagResource": "logGroup",
  "logs:UntagResource": "logGroup",
  "route53:AssociateVPCWithHostedZone": "hostedZone",
  "sqs:CreateQueue": "queue",
  "sqs:DeleteQueue": "queue",
  "sqs:GetQueueAttributes": "queue",
  "sqs:ListQueueTags": "queue",
  "sqs:SetQueueAttributes": "queue",
  "sqs:TagQueue": "queue",
  "sqs:UntagQueue": "queue",
  "ssm:GetParameter": "parameter",
} as const satisfies Record<string, string>;

/** What an action is restricted to. */
export type Scope = (typeof scopes)[keyof typeof scopes];

/** A role that AWS creates and assumes. */
interface ServiceLinkedRole {
  /** Name, the same in every account. */
  readonly role: string;
  /** Resource type whose creation looks up the role, and creates it where it is missing. */
  readonly type: string;
  /** Only with spot instances. */
  readonly spotOnly: boolean;
}

/**
 * Service-linked roles that AWS looks up on behalf of the caller (`iam:GetRole`) and creates with the first of their kind
 * (`iam:CreateServiceLinkedRole`), by service. Without the first, `CreateNodegroup` is denied even where the role exists:
 * terraform-aws-modules/terraform-aws-eks#823. Sources: EKS user guide, using-service-linked-roles-eks and
 * -eks-nodegroups; EC2 user guide, service-linked-roles-spot-instance-requests. Read 2026-11-27.
 */
export const serviceLinkedRoles = {
  "eks.amazonaws.com": {
    role: "AWSServiceRoleForAmazonEKS",
    type: "aws:eks/cluster:Cluster",
    spotOnly: false,
  },
  "eks-nodegroup.amazonaws.com": {
    role: "AWSServiceRoleForAmazonEKSNodegroup",
    type: "aws:eks/nodeGroup:NodeGroup",
    spotOnly: false,
  },
  "spot.amazonaws.com": {
    role: "AWSServiceRoleForEC2Spot",
    type: "aws:eks/nodeGroup:NodeGroup",
    spotOnly: true,
  },
} as const satisfies Record<string, ServiceLinkedRole>;

/**
 * What the component `eks:index:Cluster` registers besides itself, as configured here: always, and for each of
 * `cluster.admins`. Source: measured with @pulumi/eks 4.3.0 on the engine 3.250 (2026-11-20).
 */
export const eksChildren = {
  always: [
    "aws:iam/role:Role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:eks/cluster:Cluster",
  ],
  perAdmin: ["aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
  /** The managed policy of its role, by name. */
  clusterPolicy: "AmazonEKSClusterPolicy",
} as const;

/** What credentials are for: `preview` reads, `up` also creates, changes and destroys. */
export const accesses = ["preview", "up"] as const;
export type Access = (typeof accesses)[number];
