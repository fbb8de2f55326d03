import { HelmChart } from "../components/helmChart.ts";
import type { Settings } from "../components/settings/settings.ts";
import {
  autoscalerAccount,
  autoscalerStatements,
  autoscalerValues,
  isAutoscaled,
} from "../components/specs/clusterAutoscaler.ts";
import { pinnedChart } from "../components/specs/helmChart.ts";
import type { Addons } from "./addons.ts";
import type { DataPath } from "./dataPath.ts";

/** What changes the number of nodes after `up`; by default nothing. */
export function autoscaling(
  settings: Settings,
  { inCluster, working }: DataPath,
  { credentials }: Addons,
): void {
  if (!isAutoscaled(settings)) return;
  const { ready } = credentials("autoscaler", {
    ...autoscalerAccount,
    statements: autoscalerStatements(settings.cluster.name),
  });
  new HelmChart(
    "cluster-autoscaler",
    {
      release: pinnedChart(settings, "cluster-autoscaler"),
      namespace: autoscalerAccount.namespace,
      values: autoscalerValues(settings),
    },
    { ...inCluster, dependsOn: [...working, ...ready] },
  );
}
