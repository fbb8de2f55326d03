import type { Settings } from "../settings/settings.ts";
import { isAutoscaled } from "../specs/clusterAutoscaler.ts";
import type { Problem } from "../values/problem.ts";

/** Rules on an autoscaler: it has to be able to change something. */
export function autoscalingProblems(settings: Settings): Problem[] {
  if (!isAutoscaled(settings)) return [];
  return withoutRange(settings);
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
