import { DefaultDeny } from "../components/defaultDeny.ts";
import { MetricsServer } from "../components/helmCharts.ts";
import { Monitoring } from "../components/monitoring.ts";
import type { Settings } from "../components/settings/settings.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";
import type { DataPath } from "./dataPath.ts";

/** Optional extras on top of a working data path; by default none. */
export function platform(
  settings: Settings,
  { controlPlaneCidrs }: ClusterNetwork,
  { inCluster, working }: DataPath,
): void {
  const { calico, metrics, observability, networkPolicies } = settings;
  if (networkPolicies.defaultDeny.length > 0) {
    new DefaultDeny(
      "default-deny",
      {
        namespaces: networkPolicies.defaultDeny,
        allowPodIdentity: networkPolicies.allowPodIdentity,
        apiServerCidrs: controlPlaneCidrs,
        after: working,
      },
      inCluster,
    );
  }
  if (metrics) new MetricsServer("metrics-server", { settings, after: working }, inCluster);
  if (observability.prometheus === "Operator" && calico.metricsPort !== null) {
    new Monitoring("monitoring", { settings, felixPort: calico.metricsPort, after: working }, inCluster);
  }
}
