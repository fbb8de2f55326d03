/** A limit of AWS and how it is called in Service Quotas. */
interface Quota {
  readonly most: number;
  /** Code in Service Quotas of one that an account may have raised; undefined: it cannot be. */
  readonly code?: string;
}

/**
 * Limits that settings alone can exceed. Sources, read 2026-11-27: EKS user guide, service-quotas; VPC user guide,
 * amazon-vpc-limits; Tagging AWS resources user guide, tag naming limits, and boto/botocore 1.43.11 (IAM, EKS and CloudWatch
 * Logs: 50 tags).
 */
export const quotas = {
  tagsPerResource: { most: 50 },
  publicAccessCidrs: { most: 40 },
  nodeGroupsPerCluster: { most: 30, code: "L-6D54EA21" },
  nodesPerNodeGroup: { most: 450, code: "L-BD136A63" },
  rulesPerSecurityGroup: { most: 60, code: "L-0EA8095F" },
} as const satisfies Readonly<Record<string, Quota>>;

/** Key of the tag that this program adds to what has no name of its own in the console. */
export const nameTag = "Name";

/**
 * Tags that EKS itself adds to the instances of a managed node group: eks:cluster-name, eks:nodegroup-name,
 * kubernetes.io/cluster/NAME and two of the Cluster Autoscaler's. Source: EKS user guide, managed-node-groups; known from
 * such instances, so that it makes a warning and no more.
 */
export const tagsOfEks = 5;
