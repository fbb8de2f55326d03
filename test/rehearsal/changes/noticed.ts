import type { Settings } from "../../../components/settings/settings.ts";
import { typhaMetricsPort } from "../../../components/specs/monitoring.ts";
import type { disruptions } from "../../../infra/commands/shared/disruptions.ts";
import type { Step } from "./steps.ts";

/** A row of infra/commands/shared/disruptions.ts. */
export type Notice = keyof typeof disruptions;

/** Settings on both sides of a change. */
export interface Change {
  readonly from: Settings;
  readonly to: Settings;
}

/** What users may notice of a step. */
export function noticesOf(step: Step, change: Change): Notice[] {
  return rows.find(({ of }) => of(step))?.notices(change, step.operation) ?? [];
}

interface Row {
  of(step: Step): boolean;
  notices(change: Change, operation: string): Notice[];
}

/** The steps that users may notice. */
const rows: readonly Row[] = [
  { of: ({ type }) => type.endsWith(":FelixConfiguration"), notices: felixNotices },
  { of: ({ type }) => type.endsWith(":Installation"), notices: dataplaneNotices },
  {
    of: ({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name.endsWith("/tigera-operator"),
    notices: ({ from, to }) => (from.calico.version === to.calico.version ? [] : ["operatorUpgraded"]),
  },
  {
    of: ({ type, name }) =>
      name === "kube-proxy" && ["kubernetes:apps/v1:DaemonSetPatch", "aws:eks/addon:Addon"].includes(type),
    notices: kubeProxyNotices,
  },
  {
    of: ({ type, name }) => type === "aws:eks/addon:Addon" && name === "coredns",
    notices: (change) => (kubernetesDiffers(change) ? ["coreDnsUpgraded"] : []),
  },
  {
    of: ({ type, name }) => type === "aws:eks/addon:Addon" && name === "vpc-cni",
    notices: (change) => (kubernetesDiffers(change) ? ["vpcCniUpgraded"] : []),
  },
  {
    of: ({ type, name }) => type === "kubernetes:apps/v1:DeploymentPatch" && name === "coredns",
    notices: () => ["coreDnsRolled"],
  },
  {
    of: ({ type, name }) =>
      type === "kubernetes:networking.k8s.io/v1:NetworkPolicy" && name.endsWith("-default-deny"),
    notices: (_change, operation) => [operation === "delete" ? "podsOpened" : "podsClosed"],
  },
  { of: ({ type }) => type.endsWith(":Goldmane"), notices: () => ["flowsTurned"] },
  {
    of: ({ type }) => type === "aws:eks/cluster:Cluster",
    notices: (change) => (kubernetesDiffers(change) ? ["controlPlaneUpgraded"] : []),
  },
  {
    of: ({ type }) => type === "aws:eks/nodeGroup:NodeGroup",
    // A new pool or a new size alone does not move pods.
    notices: (change, operation) =>
      operation === "create" || onlySizesDiffer(change) ? [] : ["nodesReplaced"],
  },
];

function felixNotices({ from, to }: Change): Notice[] {
  const found: Notice[] = [];
  if (from.calico.externalService !== to.calico.externalService) found.push("serviceMode");
  if ((from.kubeProxy === "Running") !== (to.kubeProxy === "Running")) found.push("besideKubeProxy");
  return found.length === 0 ? ["felixSettings"] : found;
}

function dataplaneNotices({ from, to }: Change): Notice[] {
  const typha: Notice[] = typhaMetricsPort(from) === typhaMetricsPort(to) ? [] : ["typhaRolled"];
  if (from.calico.dataplane === to.calico.dataplane) return typha;
  const way = to.calico.dataplane === "BPF" ? "toBpf" : "toIptables";
  return [...typha, to.calico.cni === "AmazonVPC" ? `${way}OnVpcCni` : way];
}

/** A new add-on starts it even where it is parked afterwards. */
function kubeProxyNotices(change: Change, operation: string): Notice[] {
  const { from, to } = change;
  if (operation === "create" && from.kubeProxy === "Absent") return ["kubeProxyStarts"];
  if (from.kubeProxy === to.kubeProxy) {
    return to.kubeProxy === "Running" && kubernetesDiffers(change) ? ["kubeProxyUpgraded"] : [];
  }
  if (to.kubeProxy === "Running") return ["kubeProxyStarts"];
  return from.kubeProxy === "Running" ? ["kubeProxyStops"] : [];
}

/** EKS's default versions of CoreDNS, kube-proxy and the VPC CNI follow that of Kubernetes. */
function kubernetesDiffers({ from, to }: Change): boolean {
  return from.cluster.kubernetesVersion !== to.cluster.kubernetesVersion;
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
