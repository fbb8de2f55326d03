/**
 * Ranges that EKS refuses in `publicAccessCidrs` about a minute into the creation: "The following CIDRs are not allowed in
 * publicAccessCidrs" (reported for 10.1.0.96/27 and for 203.0.113.0/24 in public Terraform projects). Private ranges
 * could not grant access anyway. Sources: RFC 1918, RFC 6598, RFC 5737; EKS API reference, VpcConfigRequest. Read 2026-11-20.
 */
export const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

/** Addresses for examples; a stack file that has one still has its placeholder. Source: RFC 5737. */
export const documentationRanges = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"] as const;

/**
 * Ranges for a cluster's service addresses, prefixes /12 to /24. Source: EKS API reference,
 * KubernetesNetworkConfigRequest, serviceIpv4Cidr, read 2026-11-20.
 */
export const serviceRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/**
 * Ranges that no host on a network can use. Source: IANA IPv4 special-purpose address registry and RFC 6890, RFC 5771
 * (multicast), RFC 1112 (reserved). AWS does not allow a VPC in them. Read 2026-11-27.
 */
export const unusableRanges = {
  "0.0.0.0/8": "addresses of this network",
  "127.0.0.0/8": "loopback addresses",
  "169.254.0.0/16": "link-local addresses, the instance metadata service's among them",
  "192.0.0.0/24": "addresses for protocols",
  "224.0.0.0/4": "multicast addresses",
  "240.0.0.0/4": "reserved addresses",
} as const;

/** Ranges besides the private ones that no host on the internet has: benchmarks. Source as `unusableRanges`. */
export const benchmarkRange = "198.18.0.0/15";

/**
 * Interface endpoints, by the last part of the service's name, for nodes without internet access. S3, which holds
 * the layers of ECR's images, is a gateway endpoint that every network of this program has.
 * Sources: EKS user guide, private-clusters, pod-id-agent-setup and vpc-interface-endpoints; Systems Manager user guide,
 * setup-create-vpc; projectcalico/calico felix/aws/ec2.go (source/destination check). Read 2026-11-20.
 *
 * Not here: ec2messages. Its service is retired, regions of 2024 and later never had it, and the SSM agent uses
 * ssmmessages since version 3.3.40, which every AMI release of facts/amis.ts is newer than.
 */
export const privateEndpoints = {
  ec2: { reason: "nodes read their own description, and Felix turns the source/destination check off" },
  "ecr.api": { reason: "kubelets get a token for ECR" },
  "ecr.dkr": { reason: "images: Calico's mirror and the add-ons" },
  sts: { reason: "roles for service accounts" },
  "eks-auth": { reason: "the agent of EKS Pod Identity gets credentials for pods", onlyWith: "podIdentity" },
  autoscaling: {
    reason: "the Cluster Autoscaler changes the size of Auto Scaling groups",
    onlyWith: "autoscaler",
  },
  sqs: { reason: "Karpenter reads that AWS will take instances away", onlyWith: "karpenter" },
  eks: { reason: "nodes ask for their cluster's endpoint and certificate" },
  ssm: { reason: "Session Manager, the only way into a node" },
  ssmmessages: { reason: "Session Manager's data channel" },
} as const satisfies Record<string, PrivateEndpoint>;

interface PrivateEndpoint {
  readonly reason: string;
  /** Only where pods get AWS credentials, or with that autoscaler. */
  readonly onlyWith?: "podIdentity" | "autoscaler" | "karpenter";
}
