import type { Values } from "../protocol/provider.ts";
import type { AwsObject } from "./model.ts";
import { type AccessRequest, statementsOf, verdict } from "./policies.ts";
import { types } from "./types.ts";
import { at, text } from "./values.ts";

const pull = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

/** What the AWS managed policies allow that matters here, by name with its path. A policy without a row does not exist. */
const managedPolicies: Readonly<Record<string, readonly string[]>> = {
  AmazonEKSClusterPolicy: [],
  AmazonEKSVPCResourceController: [],
  AmazonEKSWorkerNodePolicy: ["ec2:DescribeInstances", "eks-auth:AssumeRoleForPodIdentity"],
  AmazonEKSWorkerNodeMinimalPolicy: [],
  AmazonEKS_CNI_Policy: [
    "ec2:AssignPrivateIpAddresses",
    "ec2:AttachNetworkInterface",
    "ec2:CreateNetworkInterface",
    "ec2:CreateTags",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DetachNetworkInterface",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:UnassignPrivateIpAddresses",
  ],
  AmazonEC2ContainerRegistryPullOnly: pull,
  AmazonEC2ContainerRegistryReadOnly: pull,
  AmazonSSMManagedInstanceCore: [],
  CloudWatchAgentServerPolicy: ["ec2:DescribeVolumes", "ec2:DescribeTags"],
  AmazonS3ReadOnlyAccess: ["s3:GetObject", "s3:ListBucket"],
  "service-role/AmazonEBSCSIDriverPolicyV2": ["ec2:CreateVolume", "ec2:AttachVolume", "ec2:DescribeVolumes"],
  "service-role/AmazonEBSCSIDriverPolicy": ["ec2:CreateVolume", "ec2:AttachVolume", "ec2:DescribeVolumes"],
};

/** The name of an AWS managed policy that exists, with its path; undefined for anything else. */
export function managedPolicyName(policyArn: string): string | undefined {
  const [, name = ""] = /^arn:aws[a-z-]*:iam::aws:policy\/(.+)$/.exec(policyArn) ?? [];
  return name in managedPolicies ? name : undefined;
}

function statementsOfRole(objects: readonly AwsObject[], role: AwsObject): Values[] {
  const ofRole = objects.filter(({ inputs }) => text(inputs, "role") === role.id);
  const inline = ofRole.filter(({ type }) => type === types.rolePolicy);
  const attached = ofRole.filter(({ type }) => type === types.rolePolicyAttachment);
  return [
    ...inline.flatMap(({ inputs }) => statementsOf(at(inputs, "policy"))),
    ...attached.map(({ inputs }) => ({
      Effect: "Allow",
      Action: [...(managedPolicies[managedPolicyName(text(inputs, "policyArn")) ?? ""] ?? [])],
      Resource: "*",
    })),
  ];
}

/**
 * Whether a role may do something, by its inline policies as they are written and its AWS managed ones.
 * @throws Refusal for what the simulation cannot evaluate: it must not guess.
 */
export function isAllowed(
  objects: ReadonlyMap<string, AwsObject>,
  { roleArn, ...request }: AccessRequest & { readonly roleArn: string },
): boolean {
  const all = [...objects.values()];
  const role = all.find(({ type, outputs }) => type === types.role && text(outputs, "arn") === roleArn);
  if (role === undefined) return false;
  const verdicts = statementsOfRole(all, role).map((statement) => verdict(statement, request));
  return verdicts.includes("Allow") && !verdicts.includes("Deny");
}
