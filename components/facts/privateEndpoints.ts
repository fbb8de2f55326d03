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
  "eks-auth": { reason: "the agent of EKS Pod Identity gets credentials for pods", podIdentityOnly: true },
  autoscaling: {
    reason: "the Cluster Autoscaler changes the size of Auto Scaling groups",
    autoscalingOnly: true,
  },
  sqs: { reason: "Karpenter reads that AWS will take instances away", karpenterOnly: true },
  eks: { reason: "nodes ask for their cluster's endpoint and certificate" },
  ssm: { reason: "Session Manager, the only way into a node" },
  ssmmessages: { reason: "Session Manager's data channel" },
} as const satisfies Record<string, PrivateEndpoint>;

interface PrivateEndpoint {
  readonly reason: string;
  /** Only where pods get AWS credentials. */
  readonly podIdentityOnly?: true;
  /** Only with the Cluster Autoscaler. */
  readonly autoscalingOnly?: true;
  /** Only with Karpenter. */
  readonly karpenterOnly?: true;
}
