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
 * IPv4 addresses of one network interface, its primary one included, of the types that have fewer than maxPods may need: by
 * size, and by type where a family differs. All others on Nitro have room for the pods that their vCPUs allow
 * (instanceTypes.ts), except g4ad, for which EKS has no AMI. Source: aws/amazon-vpc-cni-k8s v1.22.4
 * pkg/vpc/vpc_ip_resource_limit.go, all 1,279 types. Read 2026-11-28.
 */
export const addressesOfInterface: Readonly<Record<string, number>> = {
  nano: 2,
  micro: 2,
  small: 4,
  medium: 4,
  "t3.medium": 6,
  "t3a.medium": 6,
  "t4g.medium": 6,
  "d3.xlarge": 3,
  "d3en.xlarge": 3,
  "d3.2xlarge": 5,
  "d3en.2xlarge": 5,
  "g4dn.8xlarge": 15,
  "g4dn.16xlarge": 15,
};

/**
 * Pods on every node that have the node's own address: aws-node, and with this program calico-node in kube-proxy's place.
 * Source: the formula of awslabs/amazon-eks-ami max-pods-calculator.sh.
 */
export const podsWithNodeAddress = 2;

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
 * pkg/networkutils/nftables_connmark.go (addRestoreRule) is the same in 1.23.0 to 1.23.2. Read 2026-11-28; tried the same day with
 * 1.23.2 and Calico 3.28.5 (test/scenarios/dataPath/vpcCni.test.ts): what pods send to the API server and out of the cluster is lost.
 */
export const badVpcCnis = {
  "1.23.0": wipedMark,
  "1.23.1": wipedMark,
  "1.23.2": wipedMark,
} as const satisfies Record<string, BadVpcCni>;

/** The newest release that the table knows of: a later one may have the fix, or not. */
export const newestVpcCni = "1.23.2";
