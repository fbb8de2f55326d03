import { stringify } from "yaml";
import { amis } from "../facts/amis.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { acceleratorOf } from "../values/instanceType.ts";
import { type TomlTable, toml } from "../values/toml.ts";

type Pool = Pick<NodePoolSettings, "family" | "maxPods" | "userData"> &
  Partial<Pick<NodePoolSettings, "instanceTypes">>;

/**
 * User data of a managed node group's launch template. EKS adds the cluster's name, endpoint and certificate itself,
 * as the template names no AMI. This program adds the number of pods: its default is calculated for the VPC CNI.
 */
export function nodeUserData(pool: Pool): string {
  return pool.family === "Bottlerocket" ? bottlerocketSettings(pool) : nodeadmParts(pool);
}

/**
 * A multipart document with NodeConfigs for nodeadm, which merges them in their order: ours is the last. `config.maxPods`
 * is what holds; the expression makes nodeadm reserve memory for as many pods (EKS user guide, max-pods precedence).
 */
function nodeadmParts({ maxPods, userData }: Pool): string {
  const own = { kubelet: { maxPodsExpression: String(maxPods), config: { maxPods } } };
  const parts = [...(userData === undefined ? [] : [userData]), own].flatMap((spec) => [
    "--node-config",
    "Content-Type: application/node.eks.aws",
    "",
    stringify({ apiVersion: "node.eks.aws/v1alpha1", kind: "NodeConfig", spec }, { lineWidth: 0 }),
  ]);
  return [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="node-config"',
    "",
    ...parts,
    "--node-config--",
    "",
  ].join("\n");
}

/** Settings in TOML. A container gets Neuron's device only with the second one (EKS user guide, ml-eks-optimized-ami). */
function bottlerocketSettings({ maxPods, userData = {}, instanceTypes = [] }: Pool): string {
  const { kubernetes, ...others } = userData as TomlTable;
  const neuron = instanceTypes.some((type) => acceleratorOf(type) === "Neuron")
    ? { "device-ownership-from-security-context": true }
    : {};
  return toml({
    settings: { ...others, kubernetes: { ...neuron, ...(kubernetes as TomlTable), "max-pods": maxPods } },
  });
}

/**
 * Volumes of a node, all encrypted gp3. The operating system's own, where there is one, is named only to encrypt it: its
 * size is the AMI's.
 */
export function blockDevices({ family, diskGib }: Pick<NodePoolSettings, "family" | "diskGib">) {
  const { dataDevice, systemDevice }: { dataDevice: string; systemDevice?: string } = amis[family];
  const volume = { encrypted: "true", volumeType: "gp3", deleteOnTermination: "true" };
  return [
    ...(systemDevice === undefined ? [] : [{ deviceName: systemDevice, ebs: volume }]),
    { deviceName: dataDevice, ebs: { ...volume, volumeSize: diskGib } },
  ];
}

/** The share of nodes replaced at a time: one in this number; the replacement starts before the old node goes. */
export const surgeShare = 3;

/** Maximum number of nodes at once: every pool at its max, during an update. */
export function mostNodes(pools: Settings["nodePools"]): number {
  return Object.values(pools)
    .map(mostNodesOf)
    .reduce((sum, nodes) => sum + nodes, 0);
}

/** The same of one pool. */
export function mostNodesOf({ size: { max } }: Pick<Settings["nodePools"][string], "size">): number {
  return max + Math.ceil(max / surgeShare);
}

/** Trust policy that lets one AWS service assume a role; as JSON. */
export function assumableBy(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" },
    ],
  });
}

export interface FelixPolicyArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** The only subnets on whose network interfaces the check may be turned off. */
  readonly nodeSubnetIds: readonly string[];
}

/**
 * IAM policy that lets Felix turn the source/destination check of the nodes' network interfaces off, and nothing else.
 * Without it calico-node never becomes Ready. Condition keys: Service Authorization Reference, Amazon EC2
 * (2026-05). The value's case is not documented, so the comparison ignores it.
 */
export function felixPolicy({ partition, region, accountId, nodeSubnetIds }: FelixPolicyArgs) {
  const arn = (resource: string) => `arn:${partition}:ec2:${region}:${accountId}:${resource}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "FindOwnNetworkInterface",
        Effect: "Allow",
        Action: "ec2:DescribeInstances",
        Resource: "*",
      },
      {
        Sid: "TurnSourceDestinationCheckOff",
        Effect: "Allow",
        Action: "ec2:ModifyNetworkInterfaceAttribute",
        Resource: arn("network-interface/*"),
        Condition: {
          StringEqualsIgnoreCase: { "ec2:Attribute/SourceDestCheck": "false" },
          ArnEquals: { "ec2:Subnet": nodeSubnetIds.map((id) => arn(`subnet/${id}`)) },
        },
      },
    ],
  };
}
