/** A node's taint, in Kubernetes' words. */
export interface Taint {
  readonly key: string;
  readonly effect: string;
  readonly value?: string | undefined;
}

/** An EC2 instance that a node group started; the simulated Kubernetes makes a node of it. */
export interface Instance {
  /** EC2 instance id: `i-…`. */
  readonly id: string;
  /** Kubernetes node name: `ip-10-40-0-11.eu-west-1.compute.internal`. */
  readonly nodeName: string;
  readonly privateIp: string;
  readonly subnetId: string;
  /** Primary network interface: `eni-…`. */
  readonly networkInterfaceId: string;
  readonly securityGroupIds: readonly string[];
  /** ARN of the role whose credentials the node has. */
  readonly roleArn: string;
  /** Physical name of the EKS node group. */
  readonly nodeGroupName: string;
  readonly instanceType: string;
  readonly family: "AL2023" | "Bottlerocket";
  readonly architecture: "x86_64" | "arm64";
  /** What `uname -r` prints: `6.12.94-123.amzn2023.x86_64`. */
  readonly kernel: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** The network interface's source/destination check; on until Felix turns it off. */
  sourceDestCheck: boolean;
  /** The node's Ready condition: the container runtime has found a CNI configuration. */
  ready: boolean;
  /** Why the AWS VPC CNI has no address for a pod on it; undefined: it has, or is not there. */
  addressProblem?: string | undefined;
}
