import { DefaultDeny } from "../components/defaultDeny.ts";
import { Monitoring } from "../components/monitoring.ts";
import type { Settings } from "../components/settings/settings.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";
import type { DataPath } from "./dataPath.ts";
import type { Place } from "./place.ts";

/** Optional extras on top of a working data path; by default none. */
export function platform(
  settings: Settings,
  { controlPlaneCidrs }: ClusterNetwork,
  { inCluster, working }: DataPath,
  { prefix }: Pick<Place, "prefix">,
): void {
  const { calico, observability, networkPolicies } = settings;
  if (networkPolicies.defaultDeny.length > 0) {
    new DefaultDeny(
      `${prefix}default-deny`,
      { namespaces: networkPolicies.defaultDeny, apiServerCidrs: controlPlaneCidrs, after: working },
      inCluster,
    );
  }
  if (observability.prometheus === "Operator" && calico.metricsPort !== null) {
    new Monitoring(
      `${prefix}monitoring`,
      { settings, felixPort: calico.metricsPort, after: working },
      inCluster,
    );
  }
}
