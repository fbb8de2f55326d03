import { isOurs, madeByUs } from "../../components/checks/existing/plan.ts";
import type {
  FoundEndpoint,
  FoundFelixConfiguration,
  FoundManifest,
  FoundNode,
  FoundOperator,
  FoundPool,
  FoundVpcCni,
  FoundWorkload,
} from "../../components/checks/existing/snapshot.ts";
import { type Container, nameOf, podSpecOf, type RawObject, versionIn } from "./rawObjects.ts";

export function nodeOf(object: unknown): FoundNode {
  const { metadata, spec, status } = object as RawObject;
  const info = (status?.["nodeInfo"] ?? {}) as Record<string, string | undefined>;
  return {
    name: metadata?.name ?? "",
    operatingSystem: info["operatingSystem"] ?? "unknown",
    architecture: info["architecture"] ?? "unknown",
    kernel: info["kernelVersion"] ?? "",
    // aws:///eu-west-1a/i-0123456789abcdef0
    instanceId: /^aws:\/\/.*\/(i-[0-9a-f]+)$/.exec(String(spec?.["providerID"] ?? ""))?.[1],
    region: metadata?.labels?.["topology.kubernetes.io/region"],
  };
}

export function operatorOf(object: unknown, runs: boolean): FoundOperator {
  const { spec = {}, status = {} } = object as RawObject;
  const network = (spec["calicoNetwork"] ?? {}) as Record<string, string | undefined>;
  return {
    runs,
    version: versionIn(String(status["calicoVersion"] ?? "")),
    cni: ((spec["cni"] ?? {}) as { type?: string }).type,
    linuxDataplane: network["linuxDataplane"],
    dataplaneIsOurs: isOurs(object as RawObject, ["spec", "calicoNetwork", "linuxDataplane"]),
    bpfNetworkBootstrap: network["bpfNetworkBootstrap"],
    kubeProxyManagement: network["kubeProxyManagement"],
  };
}

/** @param others Deployments of the manifest besides calico-node */
export function manifestOf(object: unknown, others: readonly unknown[]): FoundManifest {
  const { spec = {} } = object as RawObject;
  const { containers, volumes = [] } = podSpecOf(object);
  const node = containers?.find(({ name }) => name === "calico-node");
  return {
    image: node?.image ?? "no image",
    version: versionIn(node?.image?.split("@")[0] ?? ""),
    env: environmentOf(node),
    mountsBpf: volumes.some(({ hostPath }) => hostPath?.path === "/sys/fs/bpf"),
    updateStrategy: ((spec["updateStrategy"] ?? {}) as { type?: string }).type ?? "RollingUpdate",
    workloads: [workloadOf("DaemonSet", object), ...others.map((other) => workloadOf("Deployment", other))],
  };
}

function workloadOf(kind: FoundWorkload["kind"], object: unknown): FoundWorkload {
  const name = nameOf(object);
  const { containers = [] } = podSpecOf(object);
  const main = containers.find((one) => one.name === name);
  const references = main?.envFrom ?? [];
  return {
    kind,
    name,
    // kube-controllers is on the pod network, and reaches the API server through its service under eBPF, too.
    readsEndpoint:
      name === "calico-kube-controllers" ||
      references.some(({ configMapRef }) => configMapRef?.name === "kubernetes-services-endpoint"),
  };
}

export function felixConfigurationOf(object: unknown): FoundFelixConfiguration {
  const { metadata, spec = {} } = object as RawObject;
  return {
    name: metadata?.name ?? "",
    spec,
    ours: Object.keys(spec).filter((field) => isOurs(object as RawObject, ["spec", field])),
    operatorsBpfEnabled: metadata?.annotations?.["operator.tigera.io/bpfEnabled"],
  };
}

export function poolOf(object: unknown): FoundPool {
  const { metadata, spec = {} } = object as RawObject;
  const { cidr = "", ipipMode = "Never" } = spec as { cidr?: string; ipipMode?: string };
  return {
    name: metadata?.name ?? "",
    cidr,
    ipipMode: ipipMode || "Never",
    disabled: spec["disabled"] === true,
  };
}

export function endpointOf(object: unknown): FoundEndpoint {
  const { metadata, data = {} } = object as RawObject;
  const marks = Object.entries(madeByUs);
  return { data, isOurs: marks.every(([key, value]) => metadata?.labels?.[key] === value) };
}

/** Addresses of a service. */
export function serviceIpsOf(object: unknown): string[] {
  const { clusterIP, clusterIPs } = ((object as RawObject | undefined)?.spec ?? {}) as {
    clusterIP?: string;
    clusterIPs?: string[];
  };
  return (clusterIPs ?? [clusterIP ?? ""]).filter((ip) => ip !== "" && ip !== "None");
}

/** DaemonSet aws-node, with the container of the CNI and the agent for AWS's network policies. */
export function vpcCniOf(object: unknown): FoundVpcCni {
  const { containers = [] } = podSpecOf(object);
  const cni = containers.find(({ name }) => name === "aws-node");
  const agent = containers.find(({ name }) => name === "aws-eks-nodeagent");
  return {
    version: versionIn(cni?.image?.split("@")[0] ?? ""),
    env: environmentOf(cni),
    enforcesPolicies: agent?.args?.includes("--enable-network-policy=true") === true,
  };
}

function environmentOf(container: Container | undefined): Readonly<Record<string, string>> {
  const literal = (container?.env ?? []).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(literal);
}
