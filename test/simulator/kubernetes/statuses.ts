import type { Values } from "../protocol/provider.ts";
import type { ApiServer } from "./apiServer.ts";
import { operatorManager } from "./felixConfiguration.ts";
import { at, type Key } from "./object.ts";
import { cniOf } from "./pools.ts";

/** How the Installation is. */
export interface InstallationState {
  readonly isReady: boolean;
  readonly problems: readonly string[];
  /** Generation of the Installation that this is about. */
  readonly generation: number;
}

/**
 * What the operator reports of its parts (tigera/operator v1.42.4 pkg/controller/{installation,ippool,apiserver,tiers}).
 * The pools need no API server of Calico's as long as they are as they were made.
 */
export function reportStatuses(api: ApiServer, { isReady, problems, generation }: InstallationState): void {
  report(api, "calico", isReady, problems.join("; "), generation);
  report(api, "ippools", true, "", generation);
  const hasApiServer = api.get("operator.tigera.io/v1/APIServer//default") !== undefined;
  const unresolved = hasApiServer && isReady ? apiServerProblem(api) : "";
  const serves = hasApiServer && isReady && unresolved === "";
  if (hasApiServer) report(api, "apiserver", serves, unresolved, generation);
  report(api, "tiers", serves, serves ? "" : "Waiting for Tigera API server to be ready");
}

/**
 * calico-apiserver has the host's network, and asks the cluster's DNS for the API server's name. With another CNI it is on
 * the pod network, and uses the API server's service.
 */
function apiServerProblem(api: ApiServer): string {
  if (cniOf(at(api.get("operator.tigera.io/v1/Installation//default"), "spec")) !== "Calico") return "";
  const answers = api.get("apps/v1/Deployment/kube-system/coredns") !== undefined;
  return answers ? "" : "calico-apiserver cannot resolve the API server's name: CoreDNS is not there";
}

function report(
  api: ApiServer,
  name: string,
  isAvailable: boolean,
  problem: string,
  generation?: number,
): void {
  const apiVersion = "operator.tigera.io/v1";
  const key: Key = `${apiVersion}/TigeraStatus//${name}`;
  if (api.get(key) === undefined) {
    api.create({ apiVersion, kind: "TigeraStatus", metadata: { name } }, operatorManager);
  }
  const isDegraded = problem !== "";
  // Of what it reports on, and not of the status itself.
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const condition = (type: string, holds: boolean, reason: string, message: string): Values => ({
    type,
    status: holds ? "True" : "False",
    reason,
    message,
    ...observed,
  });
  const available = isAvailable ? "AllObjectsAvailable" : "Unknown";
  const conditions = [
    condition("Available", isAvailable, available, isAvailable ? "All objects available" : ""),
    condition("Progressing", !(isAvailable || isDegraded), available, ""),
    condition("Degraded", isDegraded, isDegraded ? "ResourceNotReady" : available, problem),
  ];
  api.merge(key, { status: { conditions } }, operatorManager);
}
