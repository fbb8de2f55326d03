import type { disruptions } from "../../../components/facts/disruptions.ts";
import type { Settings } from "../../../components/rules/settings/settings.ts";
import type { Step } from "./steps.ts";

/** A row of components/facts/disruptions.ts. */
export type Notice = keyof typeof disruptions;

/** Settings on both sides of a change. */
export interface Change {
  readonly from: Settings;
  readonly to: Settings;
}

/** What of a step users may notice. */
export function noticesOf({ type, name, operation }: Step, change: Change): Notice[] {
  const { from, to } = change;
  if (type.endsWith(":FelixConfiguration")) return felixNotices(change);
  if (type.endsWith(":Installation")) return dataplaneNotices(change);
  if (type === "kubernetes:apps/v1:Deployment" && name.endsWith("/tigera-operator")) {
    return from.calico.version === to.calico.version ? [] : ["operatorUpgraded"];
  }
  if (type === "kubernetes:apps/v1:DaemonSetPatch" || isKubeProxyAddon(type, name)) {
    return kubeProxyNotices(change, operation);
  }
  if (type === "kubernetes:apps/v1:DeploymentPatch" && name === "coredns") return ["coreDnsRolled"];
  if (type === "aws:eks/cluster:Cluster") {
    return from.cluster.kubernetesVersion === to.cluster.kubernetesVersion ? [] : ["controlPlaneUpgraded"];
  }
  // Its size alone moves no pod.
  if (type === "aws:eks/nodeGroup:NodeGroup" && operation !== "create") {
    return onlySizesDiffer(change) ? [] : ["nodesReplaced"];
  }
  return [];
}

function felixNotices({ from, to }: Change): Notice[] {
  const found: Notice[] = [];
  if (from.calico.externalService !== to.calico.externalService) found.push("serviceMode");
  if ((from.kubeProxy === "Running") !== (to.kubeProxy === "Running")) found.push("besideKubeProxy");
  return found.length === 0 ? ["felixSettings"] : found;
}

function dataplaneNotices({ from, to }: Change): Notice[] {
  if (from.calico.dataplane === to.calico.dataplane) return [];
  return [to.calico.dataplane === "BPF" ? "toBpf" : "toIptables"];
}

function isKubeProxyAddon(type: string, name: string): boolean {
  return type === "aws:eks/addon:Addon" && name === "kube-proxy";
}

/** A new add-on starts it even where it is then to be parked. */
function kubeProxyNotices({ from, to }: Change, operation: string): Notice[] {
  if (operation === "create" && from.kubeProxy === "Absent") return ["kubeProxyStarts"];
  if (from.kubeProxy === to.kubeProxy) return [];
  if (to.kubeProxy === "Running") return ["kubeProxyStarts"];
  return from.kubeProxy === "Running" ? ["kubeProxyStops"] : [];
}

function onlySizesDiffer({ from, to }: Change): boolean {
  const rest = ({ nodePools, cluster: { kubernetesVersion }, tags }: Settings) =>
    JSON.stringify([
      Object.entries(nodePools).map(([name, { size: _, ...pool }]) => [name, pool]),
      kubernetesVersion,
      tags,
    ]);
  return rest(from) === rest(to);
}
