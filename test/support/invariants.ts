import type { Settings } from "../../components/rules/settings/settings.ts";
import { before, contested, untagged } from "./graph.ts";
import type { Recorded } from "./recorder.ts";

/** What a program registered, and the settings that asked for it. */
export interface Graph {
  readonly resources: readonly Recorded[];
  readonly settings: Settings;
}

/** What holds whatever a stack file says. */
export interface Invariant {
  readonly name: string;
  /** What breaks it: `type name` of a resource, or a sentence. */
  violations(graph: Graph): string[];
}

const addonType = "aws:eks/addon:Addon";
const clusterType = "eks:index:Cluster";
const chartType = "kubernetes:helm.sh/v4:Chart";
const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const ingressType = /[sS]ecurityGroupIngressRule$/;

export const invariants: readonly Invariant[] = [
  {
    name: "there is no VPC CNI",
    violations: ({ resources }) => labels(resources, (one) => isAddon(one, "vpc-cni")),
  },
  {
    name: "there is no kube-proxy unless it is asked for",
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
    name: "nobody is let in from everywhere unless nodePorts.clients says so",
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
    name: "node groups start beside the operator, neither after the other",
    violations: ({ resources }) => [
      ...comesAfter(resources, ({ type }) => type === nodeGroupType, chartType),
      ...comesAfter(resources, ({ type }) => type === chartType, nodeGroupType),
    ],
  },
  {
    name: "kube-proxy does not wait for the ready gate",
    violations: ({ resources }) =>
      comesAfter(resources, isKubeProxy, "kubernetes:operator.tigera.io/v1:InstallationPatch"),
  },
  {
    name: "kube-proxy serves before eBPF goes, and goes after eBPF serves",
    violations: ({ resources, settings }) => {
      if (settings.calico.dataplane === "BPF") {
        const gates = labels(resources, isDataplaneGate);
        return labels(
          resources,
          (one) => isKubeProxy(one) && !gates.every((gate) => before(resources, one).has(gate)),
        );
      }
      const proxies = labels(resources, isKubeProxy);
      return labels(
        resources,
        (one) =>
          one.type === installationType && !proxies.every((proxy) => before(resources, one).has(proxy)),
      );
    },
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

function isDataplaneGate({ type }: Recorded): boolean {
  return type.endsWith(":FelixConfigurationPatch");
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
