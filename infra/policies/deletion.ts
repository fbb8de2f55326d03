import type { PolicyResource, StackPolicy } from "./policy.ts";

/**
 * A destroy deletes the cluster as a whole; nothing in it waits for an operator that has no node left to run on. Except for
 * what instances outside the stack's state belong to: they stay where nothing in the cluster ends them.
 */
export const deletedWithCluster: StackPolicy = {
  of: "stack",
  name: "deleted-with-cluster",
  description:
    "Everything inside the stack's own cluster is deleted with it, except Karpenter's NodePools and EC2NodeClasses, which are deleted before it.",
  violations: (resources) => {
    const clusters = new Set(resources.filter(isCluster).map(({ urn }) => urn));
    // A cluster of others outlives the stack, and what is in it is deleted one by one.
    if (clusters.size === 0) return [];
    const byUrn = new Map(resources.map((one) => [one.urn, one]));
    return resources
      .filter(isInCluster)
      .filter((one) => goesWith(one, clusters, byUrn) === startsInstances(one))
      .map((one) => ({ urn: one.urn, message: startsInstances(one) ? instancesStay : waitsForever }));
  },
};

const waitsForever =
  "a destroy deletes it before the cluster, and may wait forever; it must be deleted with the cluster. Set the option deletedWith to the eks.Cluster.";
const instancesStay =
  "a destroy deletes the cluster without it, and its instances stay; it must be deleted while Karpenter runs. Remove the option deletedWith.";

function startsInstances({ type }: PolicyResource): boolean {
  return /^kubernetes:karpenter\.(sh|k8s\.aws)\//.test(type);
}

function isCluster({ type }: PolicyResource): boolean {
  return type === "eks:index:Cluster" || type === "aws:eks/cluster:Cluster";
}

function isInCluster({ type, deletedWith }: PolicyResource): boolean {
  return deletedWith !== undefined && (type.startsWith("kubernetes:") || type === "aws:eks/addon:Addon");
}

/** Through what it is deleted with, or else its parent, all the way up. */
function goesWith(
  { deletedWith, parent }: PolicyResource,
  clusters: ReadonlySet<string>,
  byUrn: ReadonlyMap<string, PolicyResource>,
): boolean {
  const next = deletedWith || parent;
  if (deletedWith && clusters.has(next)) return true;
  const above = byUrn.get(next);
  return above !== undefined && goesWith(above, clusters, byUrn);
}
