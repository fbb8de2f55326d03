import type { PolicyResource, StackPolicy } from "./policy.ts";
import { at, isUnknown, listOf } from "./values.ts";

/** AWS lets a node send with another node's address within a subnet only. */
export const oneNodeSubnetUnderDsr: StackPolicy = {
  of: "stack",
  name: "one-node-subnet-under-dsr",
  description: "With DSR, where NodePort replies go directly to clients, all nodes are in one subnet.",
  violations: (resources) => {
    const groups = resources.map(subnetsOfNodes).filter((ids) => ids.length > 0);
    const known = new Set(groups.flat().filter((id) => !isUnknown(id)));
    // Two unknown subnets of different groups may be the same; in one group they are not.
    const count = Math.max(known.size, ...groups.map((ids) => new Set(ids.map(distinct)).size));
    if (count < 2) return [];
    return resources.filter(asksForDsr).map(({ urn }) => ({
      urn,
      message: `nodes are in ${count} subnets; DSR needs exactly one. Put every node group into one subnet, or set calico.externalService: Tunnel.`,
    }));
  },
};

function distinct(id: unknown, place: number): unknown {
  return isUnknown(id) ? place : id;
}

/** Subnets of a node group, or of an Auto Scaling group whose instances join a cluster. */
export function subnetsOfNodes({ type, inputs }: PolicyResource): readonly unknown[] {
  if (type === "aws:eks/nodeGroup:NodeGroup") return listOf(inputs["subnetIds"]);
  const joins = listOf(inputs["tags"]).some((tag) =>
    String(at(tag, "key")).startsWith("kubernetes.io/cluster/"),
  );
  return type === "aws:autoscaling/group:Group" && joins ? listOf(inputs["vpcZoneIdentifiers"]) : [];
}

function asksForDsr({ inputs }: PolicyResource): boolean {
  return inputs["kind"] === "FelixConfiguration" && at(inputs, "spec", "bpfExternalServiceMode") === "DSR";
}
