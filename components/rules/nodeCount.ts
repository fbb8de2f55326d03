import type { Settings } from "./settings/settings.ts";

/** One node in so many is replaced at a time, and its replacement starts before it goes. */
export const surgeShare = 3;

/** Most nodes that can exist at once: every pool at its max, in the middle of an update. */
export function mostNodes(pools: Settings["nodePools"]): number {
  return Object.values(pools)
    .map(({ size: { max } }) => max + Math.ceil(max / surgeShare))
    .reduce((sum, nodes) => sum + nodes, 0);
}
