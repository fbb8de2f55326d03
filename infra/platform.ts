import { DefaultDeny } from "../components/defaultDeny.ts";
import type { Settings } from "../components/rules/settings/settings.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";
import type { DataPath } from "./dataPath.ts";

/** What a platform team puts around a data path that works; by default nothing. */
export function platform(
  { policies }: Settings,
  { controlPlaneCidrs }: ClusterNetwork,
  { inCluster, working }: DataPath,
): void {
  if (policies.defaultDeny.length > 0) {
    new DefaultDeny(
      "default-deny",
      { namespaces: policies.defaultDeny, apiServerCidrs: controlPlaneCidrs, after: working },
      inCluster,
    );
  }
}
