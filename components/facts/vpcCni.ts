/** The EKS add-on that is the AWS VPC CNI, and who its pods are. Source: EKS user guide, cni-iam-role, read 2026-11-27. */
export const vpcCni = {
  addonName: "vpc-cni",
  namespace: "kube-system",
  serviceAccount: "aws-node",
  policy: "AmazonEKS_CNI_Policy",
} as const;

/** Addresses of one prefix, /28, in which the VPC CNI takes a node's addresses. Source: EKS user guide, cni-increase-ip-addresses. */
export const addressesPerPrefix = 16;

/**
 * Most pods on a small node, by the size of its type: interfaces × (addresses of each - 1) × 16 + 2. Of types that differ, the
 * least: t3a.small and m7g.medium have two interfaces of four addresses. From large on there is room for 250 pods and more.
 * Source: aws/amazon-vpc-cni-k8s misc/eni-max-pods.txt and the formula of awslabs/amazon-eks-ami max-pods-calculator.sh.
 */
export const mostPodsBySize: Readonly<Record<string, number>> = {
  nano: 34,
  micro: 34,
  small: 98,
  medium: 98,
};

/**
 * Families whose instances run on Xen, and so take no prefixes: the VPC CNI needs Nitro for them. Source: EC2 instance types
 * guide, instances built on the AWS Nitro System (their previous generation is not), read 2026-11-27.
 */
export const xenFamilies: readonly string[] = [
  "c3",
  "c4",
  "d2",
  "f1",
  "g3",
  "g3s",
  "h1",
  "i2",
  "i3",
  "m3",
  "m4",
  "p2",
  "p3",
  "r3",
  "r4",
  "t1",
  "t2",
  "x1",
  "x1e",
];

/** Why a release of the VPC CNI is not for clusters with Calico's eBPF. */
interface BadVpcCni {
  readonly symptom: string;
  readonly issue: string;
}

const wipedMark = {
  symptom: "its nftables rules wipe the mark of Calico's packets, which are then dropped",
  issue: "aws/amazon-vpc-cni-k8s#3872",
} as const;

/**
 * Releases of the VPC CNI that drop the packets of Calico's eBPF programs: those since its rules are nftables' own (#3588).
 *
 * Sources: github.com/aws/amazon-vpc-cni-k8s CHANGELOG.md, issue #3872 and its fix #3875, which no release has: the rule in
 * pkg/networkutils/nftables_connmark.go (addRestoreRule) is the same in 1.23.0 to 1.23.2. Read 2026-11-28.
 */
export const badVpcCnis = {
  "1.23.0": wipedMark,
  "1.23.1": wipedMark,
  "1.23.2": wipedMark,
} as const satisfies Record<string, BadVpcCni>;

/** The newest release that the table knows of: a later one may have the fix, or not. */
export const newestVpcCni = "1.23.2";
