import { mostBlocksPerNode } from "../facts/calicoIpam.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { mostNodes, mostNodesOf } from "../specs/nodeCount.ts";
import { addressCount, prefixLength } from "../values/cidr.ts";

/** What decides how Calico gives out pod addresses. */
export type Ipam = Pick<Settings, "calico" | "nodePools">;

/** Addresses that one node may use: one for each pod, and one for the tunnel where there is one. */
function addressesPerNode({ maxPods }: Pick<NodePoolSettings, "maxPods">, { calico }: Ipam): number {
  return maxPods + (calico.encapsulation === "None" ? 0 : 1);
}

/** Blocks that one node may take. */
export function blocksPerNode(pool: NodePoolSettings, settings: Ipam): number {
  return Math.ceil(addressesPerNode(pool, settings) / addressCount(settings.calico.blockSize));
}

/** Blocks of the pod range. */
export function blocksOf({ calico: { podCidr, blockSize } }: Ipam): number {
  return Math.floor(addressCount(prefixLength(podCidr)) / addressCount(blockSize));
}

/** Addresses that the largest cluster may use. */
export function demand(settings: Ipam): number {
  return Object.values(settings.nodePools)
    .map((pool) => mostNodesOf(pool) * addressesPerNode(pool, settings))
    .reduce((sum, addresses) => sum + addresses, 0);
}

/** A block for every node, and addresses for all: a node whose blocks are full borrows in those of others. */
export function hasRoom(settings: Ipam): boolean {
  const blocks = blocksOf(settings);
  return (
    blocks > 0 &&
    blocks >= mostNodes(settings.nodePools) &&
    blocks * addressCount(settings.calico.blockSize) >= demand(settings)
  );
}

/** Whether every node may take as many blocks as its pods fill. */
export function isWithinLimit(settings: Ipam): boolean {
  return Object.values(settings.nodePools).every(
    (pool) => blocksPerNode(pool, settings) <= mostBlocksPerNode,
  );
}
