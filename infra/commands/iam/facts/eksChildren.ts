/**
 * What the component `eks:index:Cluster` registers besides itself, as this program sets it: always, and for each of
 * `cluster.admins`. Source: measured with @pulumi/eks 4.3.0 on the engine 3.250 (2026-11-20).
 */
export const eksChildren = {
  always: [
    "aws:iam/role:Role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:eks/cluster:Cluster",
  ],
  perAdmin: ["aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
  /** The managed policy of its role, by name. */
  clusterPolicy: "AmazonEKSClusterPolicy",
} as const;
