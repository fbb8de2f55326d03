import { charts } from "../facts/charts.ts";
import type { Settings } from "../settings/settings.ts";
import { isAutoscaled } from "../specs/clusterAutoscaler.ts";
import { usesKarpenter } from "../specs/karpenter.ts";
import { listed, type Problem } from "../values/problem.ts";

/** Charts whose images a mirror can serve, and when a stack installs them; loadBalancers has a rule, as it needs more. */
const mirrored = [
  {
    name: "the Cluster Autoscaler",
    registry: charts["cluster-autoscaler"].image.registry,
    isInstalled: isAutoscaled,
  },
  { name: "Karpenter", registry: charts.karpenter.image.registry, isInstalled: usesKarpenter },
  {
    name: "metrics-server",
    registry: charts["metrics-server"].image.registry,
    isInstalled: ({ metrics }: Settings) => metrics,
  },
];

/** The charts that a stack installs need a way to their images. */
export function chartImageProblems(settings: Settings): Problem[] {
  const { network, charts } = settings;
  const isClosed = network.natGateway === "None" && network.existing === undefined;
  const installed = mirrored.filter((one) => one.isInstalled(settings));
  if (!isClosed || charts.registry !== undefined || installed.length === 0) return [];
  const registries = [...new Set(installed.map(({ registry }) => registry))];
  return [
    {
      path: "charts.registry",
      found: "no registry is set",
      needs: `network.natGateway is None, so nodes cannot pull ${listed(installed.map(({ name }) => name))} from ${listed(registries)}`,
      fix: "Mirror the images and set the registry here, or set network.natGateway: Single",
    },
  ];
}
