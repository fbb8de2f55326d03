import { describe, expect, it } from "vitest";
import { isSupported, partitionOf } from "../../../../components/values/partition.ts";
import { settingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

const uuid = "0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789";
const keyIn = (region: string, partition = "aws", id = uuid) =>
  `arn:${partition}:kms:${region}:111122223333:key/${id}`;
const role = "arn:aws:iam::111122223333:role/deployer";
const ownPolicy = "arn:aws:iam::111122223333:policy/logs";
const boundary = "arn:aws:iam::444455556666:policy/boundary";

describe("an ARN is refused", () => {
  it.each<[string, SettingsChange, string]>([
    [
      "of a role in another partition",
      { account: { roleArn: "arn:aws-cn:iam::111122223333:role/deployer" } },
      "account.roleArn: the role is in the partition aws-cn; eu-west-1 is in aws. Name a role whose ARN begins with arn:aws:.",
    ],
    [
      "of an admin in another partition",
      { region: "us-gov-west-1", cluster: { admins: ["arn:aws:iam::111122223333:role/platform"] } },
      "cluster.admins[0]: the principal is in the partition aws; us-gov-west-1 is in aws-us-gov. Name a principal whose ARN begins with arn:aws-us-gov:.",
    ],
    [
      "of a key in another partition",
      { cluster: { secretsKey: keyIn("us-gov-west-1", "aws-us-gov") } },
      "cluster.secretsKey: the key is in the partition aws-us-gov; eu-west-1 is in aws. Name a key whose ARN begins with arn:aws:.",
    ],
    [
      "of a key in another region",
      { cluster: { secretsKey: keyIn("us-east-1") } },
      "cluster.secretsKey: the key is in us-east-1; the cluster is in eu-west-1, and EKS uses keys in the cluster's region only. Name a key in eu-west-1, or write create.",
    ],
    [
      "of a multi-region key by its other region",
      { cluster: { secretsKey: keyIn("us-east-1", "aws", `mrk-${"0".repeat(32)}`) } },
      "cluster.secretsKey: the key is in us-east-1; the cluster is in eu-west-1, and EKS uses keys in the cluster's region only. Name the key's replica in eu-west-1, or write create.",
    ],
    [
      "of a boundary in another partition",
      { iam: { permissionsBoundary: "arn:aws-us-gov:iam::111122223333:policy/boundary" } },
      "iam.permissionsBoundary: the policy is in the partition aws-us-gov; eu-west-1 is in aws. Name a policy whose ARN begins with arn:aws:.",
    ],
    [
      "of a boundary that AWS manages in another partition",
      { iam: { permissionsBoundary: "arn:aws-cn:iam::aws:policy/PowerUserAccess" } },
      "iam.permissionsBoundary: the policy is in the partition aws-cn; eu-west-1 is in aws. Name a policy whose ARN begins with arn:aws:.",
    ],
    [
      "of a node policy in another partition",
      { iam: { nodePolicyArns: ["arn:aws-cn:iam::aws:policy/CloudWatchAgentServerPolicy"] } },
      "iam.nodePolicyArns[0]: the policy is in the partition aws-cn; eu-west-1 is in aws. Name a policy whose ARN begins with arn:aws:.",
    ],
    [
      "of a node policy outside the stack's account",
      { account: { id: "111122223333" }, iam: { nodePolicyArns: [boundary] } },
      "iam.nodePolicyArns[0]: the policy is in account 444455556666; account.id is 111122223333, and a role's policy must be in the role's account. Use a policy in 111122223333.",
    ],
    [
      "of the VPC CNI's policy for nodes",
      { iam: { nodePolicyArns: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"] } },
      "iam.nodePolicyArns[0]: AmazonEKS_CNI_Policy lets every process of a node rewire any network interface; it is for the VPC CNI, and this cluster has none. Remove it.",
    ],
    [
      "of the VPC CNI's policy for nodes where pods are on it",
      {
        calico: { cni: "AmazonVPC", externalService: "Tunnel" },
        iam: { nodePolicyArns: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"] },
      },
      "iam.nodePolicyArns[0]: AmazonEKS_CNI_Policy lets every process of a node rewire any network interface; the AWS VPC CNI gets it from this program, for its own pods. Remove it.",
    ],
    [
      "of a policy that nodes have",
      { iam: { nodePolicyArns: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"] } },
      "iam.nodePolicyArns[0]: AmazonSSMManagedInstanceCore is one of this program's; a policy can be attached to a role only once. Remove it.",
    ],
    [
      "of a node policy that is listed twice",
      { iam: { nodePolicyArns: [ownPolicy, ownPolicy] } },
      "iam.nodePolicyArns[1]: logs is listed already; a policy can be attached to a role only once. Remove it.",
    ],
    [
      "of a boundary outside the stack's account",
      { account: { id: "111122223333" }, iam: { permissionsBoundary: boundary } },
      "iam.permissionsBoundary: the policy is in account 444455556666; account.id is 111122223333, and a permissions boundary must be in the role's account. Use a policy in 111122223333.",
    ],
    [
      "of a boundary outside the assumed role's account",
      { account: { roleArn: role }, iam: { permissionsBoundary: boundary } },
      "iam.permissionsBoundary: the policy is in account 444455556666; account.roleArn is a role in 111122223333, and a permissions boundary must be in the role's account. Use a policy in 111122223333.",
    ],
  ])("%s", (_, change, line) => {
    expect(settingsLines(change)).toEqual([line]);
  });
});

describe("an ARN passes", () => {
  it.each<[string, SettingsChange]>([
    [
      "of a key in the cluster's region, and in another account",
      { cluster: { secretsKey: keyIn("eu-west-1") } },
    ],
    ["of an admin of another account", { cluster: { admins: ["arn:aws:iam::444455556666:role/team"] } }],
    ["of a boundary whose account is not said", { iam: { permissionsBoundary: boundary } }],
    [
      "of a boundary in the role's account",
      { account: { roleArn: role }, iam: { permissionsBoundary: "arn:aws:iam::111122223333:policy/b" } },
    ],
    [
      "of a boundary that AWS manages",
      {
        account: { id: "111122223333" },
        iam: { permissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
      },
    ],
    [
      "in the partition of its region",
      {
        region: "us-gov-west-1",
        account: { roleArn: "arn:aws-us-gov:iam::111122223333:role/deployer" },
        cluster: { secretsKey: keyIn("us-gov-west-1", "aws-us-gov") },
      },
    ],
  ])("%s", (_, change) => {
    expect(settingsLines(change)).toEqual([]);
  });
});

describe("a region", () => {
  it.each([
    ["eu-west-1", "aws", true],
    ["mx-central-1", "aws", true],
    ["us-gov-east-1", "aws-us-gov", true],
    ["cn-northwest-1", "aws-cn", false],
    ["us-iso-east-1", "aws-iso", false],
    ["us-isob-east-1", "aws-iso-b", false],
    ["eu-isoe-west-1", "aws-iso-e", false],
    ["us-isof-south-1", "aws-iso-f", false],
    ["eusc-de-east-1", "aws-eusc", false],
  ] as const)("%s is in %s; supported: %s", (region, partition, supported) => {
    expect(partitionOf(region)).toBe(partition);
    expect(isSupported(partition)).toBe(supported);
  });
});
