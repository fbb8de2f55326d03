/**
 * What a node needs: to join, to pull images, and to be reached through Session Manager. AmazonEKS_CNI_Policy is not
 * among them: there is no VPC CNI, and it would let every host process rewire any network interface. Source: EKS user
 * guide, create-node-role, read 2026-11-20.
 */
export const nodePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;
