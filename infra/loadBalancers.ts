import { LoadBalancerController } from "../components/helmCharts.ts";
import { controllerName, controllerNamespace, controllerStatements } from "../components/specs/charts.ts";
import type { Addons } from "./addons.ts";
import type { DataPath, DataPathParts } from "./dataPath.ts";

/** Installs the load balancer controller with its credentials, when the stack has load balancers. */
export function loadBalancers(
  { settings, surroundings, network }: DataPathParts,
  { inCluster, working }: DataPath,
  { credentials }: Addons,
): void {
  if (!settings.loadBalancers) return;
  const { ready } = credentials("load-balancers", {
    namespace: controllerNamespace,
    serviceAccount: controllerName,
    statements: controllerStatements(settings, surroundings.accountId),
  });
  new LoadBalancerController(
    controllerName,
    { settings, vpcId: network.vpcId, after: [...working, ...ready] },
    inCluster,
  );
}
