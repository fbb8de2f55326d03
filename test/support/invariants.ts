import type { Settings } from "../../components/settings/settings.ts";
import type { Recorded } from "../../infra/commands/shared/plan/recorder.ts";
import { before, contested, untagged } from "./graph.ts";

/** What a program registered, and its settings. */
export interface Graph {
  readonly resources: readonly Recorded[];
  readonly settings: Settings;
}

/** What holds whatever a stack file says. */
interface Invariant {
  readonly name: string;
  /** What breaks it: `type name` of a resource, or a sentence. */
  violations(graph: Graph): string[];
}

const addonType = "aws:eks/addon:Addon";
const clusterType = "eks:index:Cluster";
const chartType = "kubernetes:helm.sh/v4:Chart";
const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const dataplaneGateType = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch";
const readyGateType = "kubernetes:operator.tigera.io/v1:InstallationPatch";
const felixType = "kubernetes:crd.projectcalico.org/v1:FelixConfiguration";

/** What the operator installs from; there before it runs. */
const calicoObjects = [felixType, installationType, "kubernetes:operator.tigera.io/v1:APIServer"];

/** What Calico takes to run on a node, as `type name`. */
const neededByNodes = [
  "kubernetes:core/v1:ConfigMap kubernetes-services-endpoint",
  `${chartType} tigera-operator`,
  `${felixType} felix-configuration`,
  `${installationType} installation`,
];

const ingressType = /[sS]ecurityGroupIngressRule$/;

const invariants: readonly Invariant[] = [
  {
    name: "there is no VPC CNI",
    violations: ({ resources }) => labels(resources, (one) => isAddon(one, "vpc-cni")),
  },
  {
    name: "there is no kube-proxy unless the settings have it",
    violations: ({ resources, settings }) =>
      settings.kubeProxy === "Absent" ? labels(resources, isKubeProxy) : [],
  },
  {
    name: "FelixConfiguration has no bpfEnabled",
    violations: ({ resources }) =>
      labels(
        resources,
        ({ inputs: { kind, spec } }) => kind === "FelixConfiguration" && has(spec, "bpfEnabled"),
      ),
  },
  {
    name: "nothing has AmazonEKS_CNI_Policy",
    violations: ({ resources }) =>
      labels(resources, ({ inputs }) => JSON.stringify(inputs).includes("AmazonEKS_CNI_Policy")),
  },
  {
    name: "nothing is open to everyone unless nodePorts.clients says so",
    violations: ({ resources, settings }) =>
      settings.nodePorts.clients?.includes(everywhere) === true
        ? []
        : labels(
            resources,
            ({ type, inputs }) => ingressType.test(type) && inputs["cidrIpv4"] === everywhere,
          ),
  },
  {
    name: "what is in the cluster is deleted with it",
    violations: ({ resources }) => {
      const cluster = resources.find(({ type }) => type === clusterType)?.urn ?? "";
      return labels(resources, (one) => isInCluster(one) && !deletedWith(one, resources).includes(cluster));
    },
  },
  {
    name: "every resource but components and providers has a parent",
    violations: ({ resources }) => {
      const urns = new Set(resources.map(({ urn }) => urn));
      const mayStandAlone = ({ type }: Recorded) => /^(calico-ebpf-eks:index:|pulumi:providers:)/.test(type);
      return labels(resources, (one) => !urns.has(one.parent) && !mayStandAlone(one));
    },
  },
  {
    name: "everything that AWS can tag has the stack's tags",
    violations: ({ resources, settings }) => untagged(resources, settings.tags),
  },
  {
    name: "no two resources have the same URN",
    violations: ({ resources }) => {
      const urns = resources.map(({ urn }) => urn);
      return urns.filter((urn, index) => urns.indexOf(urn) < index);
    },
  },
  {
    name: "no two resources write different values into one field of an object",
    violations: ({ resources }) => contested(resources),
  },
  {
    name: "a node group starts after all that its nodes need to become Ready",
    violations: ({ resources }) => lacks(resources, ({ type }) => type === nodeGroupType, neededByNodes),
  },
  {
    name: "what waits for the operator or for nodes starts after every node group",
    violations: ({ resources }) => {
      const groups = labels(resources, ({ type }) => type === nodeGroupType);
      return lacks(resources, waitsForNodes, groups);
    },
  },
  {
    name: "Calico's objects do not wait for the operator",
    violations: ({ resources }) =>
      comesAfter(resources, ({ type }) => calicoObjects.includes(type), chartType),
  },
  {
    name: "a kube-proxy that is to run waits for nothing that can be unhealthy",
    violations: ({ resources, settings }) =>
      settings.kubeProxy === "Running"
        ? [chartType, nodeGroupType, installationType, dataplaneGateType, readyGateType].flatMap((type) =>
            comesAfter(resources, isKubeProxy, type),
          )
        : [],
  },
  {
    name: "kube-proxy does not wait for the ready gate",
    violations: ({ resources }) => comesAfter(resources, isKubeProxy, readyGateType),
  },
  {
    name: "kube-proxy serves before eBPF goes, and goes after eBPF serves",
    violations: ({ resources, settings }) =>
      settings.kubeProxy === "Running"
        ? lacks(resources, ({ type }) => type === installationType, labels(resources, isKubeProxy))
        : lacks(
            resources,
            isKubeProxy,
            labels(resources, ({ type }) => type === dataplaneGateType),
          ),
  },
];

/** Everything that breaks an invariant: `name: violation`. */
export function broken(graph: Graph): string[] {
  return invariants.flatMap(({ name, violations }) => violations(graph).map((one) => `${name}: ${one}`));
}

const everywhere = "0.0.0.0/0";

function isAddon({ type, inputs }: Recorded, name: string): boolean {
  return type === addonType && inputs["addonName"] === name;
}

function isKubeProxy(resource: Recorded): boolean {
  return isAddon(resource, "kube-proxy") || resource.type === "kubernetes:apps/v1:DaemonSetPatch";
}

/** The gates, and an add-on whose pods wait for a node; Goldmane and Whisker, whose kinds the operator brings. */
function waitsForNodes(resource: Recorded): boolean {
  const kinds = ["Goldmane", "Whisker"].map((kind) => `kubernetes:operator.tigera.io/v1:${kind}`);
  return [dataplaneGateType, readyGateType, ...kinds].includes(resource.type) || isAddon(resource, "coredns");
}

/** Those of some resources that do not have to wait for all of what is listed. */
function lacks(
  resources: readonly Recorded[],
  which: (resource: Recorded) => boolean,
  needed: readonly string[],
): string[] {
  return labels(
    resources,
    (one) => which(one) && !needed.every((earlier) => before(resources, one).has(earlier)),
  );
}

function isInCluster({ type }: Recorded): boolean {
  return type.startsWith("kubernetes:") || type === addonType;
}

/** URNs of what a resource is deleted with, all the way up. A component hands its own on to its children. */
function deletedWith(resource: Recorded, resources: readonly Recorded[]): string[] {
  const next = resource.deletedWith === "" ? resource.parent : resource.deletedWith;
  const found = resources.find(({ urn }) => urn === next);
  const own = resource.deletedWith === "" ? [] : [resource.deletedWith];
  return found === undefined ? own : [...own, ...deletedWith(found, resources)];
}

/** Those of some resources that have to wait for one of a type. */
function comesAfter(
  resources: readonly Recorded[],
  which: (resource: Recorded) => boolean,
  type: string,
): string[] {
  return resources
    .filter(which)
    .flatMap((one) =>
      [...before(resources, one)]
        .filter((earlier) => earlier.startsWith(`${type} `))
        .map((earlier) => `${one.type} ${one.name} after ${earlier}`),
    );
}

function labels(resources: readonly Recorded[], which: (resource: Recorded) => boolean): string[] {
  return resources.filter(which).map(({ type, name }) => `${type} ${name}`);
}

function has(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}
