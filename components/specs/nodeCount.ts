import type { Settings } from "../settings/settings.ts";

/** One node in so many is replaced at a time, and its replacement starts before it goes. */
export const surgeShare = 3;

/** Most nodes that can exist at once: every pool at its max, in the middle of an update. */
export function mostNodes(pools: Settings["nodePools"]): number {
  return Object.values(pools)
    .map(mostNodesOf)
    .reduce((sum, nodes) => sum + nodes, 0);
}

/** The same of one pool. */
export function mostNodesOf({ size: { max } }: Pick<Settings["nodePools"][string], "size">): number {
  return max + Math.ceil(max / surgeShare);
}
