/** A role that AWS makes and assumes by itself. */
interface ServiceLinkedRole {
  /** Name, the same in every account. */
  readonly role: string;
  /** Resource type whose creation looks for the role, and makes it where it is missing. */
  readonly type: string;
  /** Only when instances are bought on the spot market. */
  readonly spotOnly: boolean;
}

/**
 * Service-linked roles that AWS looks for in the caller's name (`iam:GetRole`) and makes with the first of their kind
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
