import type { Settings } from "../settings/settings.ts";
import { isAutoscaled } from "../specs/clusterAutoscaler.ts";
import type { Problem } from "../values/problem.ts";

/** Rules on an autoscaler: it has to be able to start, and to change something. */
export function autoscalingProblems(settings: Settings): Problem[] {
  if (!isAutoscaled(settings)) return [];
  return [...withoutImage(settings), ...withoutRange(settings)];
}

function withoutImage({ network, charts }: Settings): Problem[] {
  const closed = !network.natGateway && network.existing === undefined;
  if (!closed || charts.registry !== undefined) return [];
  return [
    {
      path: "charts.registry",
      found: "no registry is set",
      needs: "network.natGateway is false, so nodes cannot pull the Cluster Autoscaler from registry.k8s.io",
      fix: "Mirror its image and set the registry here, or set network.natGateway: true",
    },
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
