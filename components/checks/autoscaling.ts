import { karpenterLabels, karpenterTags } from "../facts/nodes.ts";
import { pathText } from "../settings/paths.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { isAutoscaled } from "../specs/charts.ts";
import { usesKarpenter } from "../specs/karpenter.ts";
import { karpenterNodes } from "../specs/karpenterNodes.ts";
import type { Problem } from "../values/problem.ts";

/** Rules on an autoscaler: it has to be able to change something, and to start the nodes that the settings describe. */
export function autoscalingProblems(settings: Settings): Problem[] {
  if (isAutoscaled(settings)) return withoutRange(settings);
  if (!usesKarpenter(settings)) return [];
  return [
    ...withoutRoom(settings),
    ...Object.entries(settings.nodePools).flatMap(([name, pool]) => refusedLabels(name, pool)),
    ...refusedTags(settings),
  ];
}

function withoutRange({ nodePools }: Settings): Problem[] {
  if (Object.values(nodePools).some(({ size: { min, max } }) => min < max)) return [];
  return [
    {
      path: "autoscaling",
      found: "every pool has the same min and max",
      needs: "the Cluster Autoscaler changes a pool's size between them",
      fix: "Raise the max of a pool, or set autoscaling: None",
    },
  ];
}

function withoutRoom({ nodePools }: Settings): Problem[] {
  if (Object.values(nodePools).some((pool) => karpenterNodes(pool) > 0)) return [];
  return [
    {
      path: "autoscaling",
      found: "every pool has as many nodes as its max",
      needs: "Karpenter starts a pool's nodes above desired, up to max",
      fix: "Raise the max of a pool, or set autoscaling: None",
    },
  ];
}

function refusedLabels(pool: string, { labels }: NodePoolSettings): Problem[] {
  return Object.keys(labels)
    .filter(
      (key) =>
        karpenterLabels.keys.some((one) => one === key) ||
        karpenterLabels.domains.some((domain) => isWithin(key, domain)),
    )
    .map((key) => ({
      path: pathText(["nodePools", pool, "labels", key]),
      found: "the label is reserved",
      needs: "Karpenter sets it itself, and its NodePool does not accept it",
      fix: "Use another key, or set autoscaling: ClusterAutoscaler or None",
    }));
}

function refusedTags({ tags }: Settings): Problem[] {
  return Object.keys(tags)
    .filter(
      (key) =>
        karpenterTags.keys.some((one) => one === key) ||
        karpenterTags.prefixes.some((prefix) => key.startsWith(prefix)),
    )
    .map((key) => ({
      path: pathText(["tags", key]),
      found: "the tag is reserved",
      needs: "Karpenter finds its instances by it, and its EC2NodeClass does not accept it",
      fix: "Use another key",
    }));
}

function isWithin(key: string, domain: string): boolean {
  const [of = "", rest] = key.split("/");
  return rest !== undefined && (of === domain || of.endsWith(`.${domain}`));
}
