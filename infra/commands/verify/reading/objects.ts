import { oncePerRun } from "../check.ts";

/** A pod, from its object. */
export interface LivePod {
  readonly namespace: string;
  readonly name: string;
  /** Empty: not scheduled. */
  readonly nodeName: string;
  readonly phase: string;
  readonly ready: boolean;
  /** Why it is not ready, or not scheduled; empty: no reason given. */
  readonly reason: string;
  readonly hostNetwork: boolean;
  readonly image: string;
  /** Ports that its containers name. */
  readonly ports: readonly ContainerPort[];
  readonly deleting: boolean;
}

interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers: readonly {
      readonly name: string;
      readonly image?: string;
      readonly ports?: readonly ContainerPort[];
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

/** The fields of a pod that checks use. */
export function podOf(object: unknown): LivePod {
  const { metadata, spec, status = {} } = object as RawPod;
  const condition = (name: string) => status.conditions?.find(({ type }) => type === name);
  const ready = condition("Ready")?.status === "True";
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    nodeName: spec.nodeName ?? "",
    phase: status.phase ?? "Unknown",
    ready,
    reason: ready ? "" : (condition("Ready")?.message ?? condition("PodScheduled")?.message ?? ""),
    hostNetwork: spec.hostNetwork === true,
    image: spec.containers[0]?.image ?? "",
    ports: spec.containers.flatMap(({ ports = [] }) => ports),
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

function podsOf(app: string) {
  return oncePerRun(async ({ cluster }): Promise<LivePod[]> => {
    const found = (await cluster.list("/api/v1/pods", podOf, { labelSelector: `k8s-app=${app}` })) ?? [];
    return found.filter(({ deleting }) => !deleting);
  });
}

/** Pods of calico-node, in its installer's namespace. */
export const calicoNodePods = podsOf("calico-node");

/** Pods of the AWS VPC CNI. */
export const awsNodePods = podsOf("aws-node");

/** Pods of kube-proxy. */
export const kubeProxyPods = podsOf("kube-proxy");

/** A node, from its object. */
export interface LiveNode {
  readonly name: string;
  /** Undefined: it has none. */
  readonly internalIp: string | undefined;
  /** `linux` or `windows`. */
  readonly operatingSystem: string;
  /** What `uname -r` prints. */
  readonly kernel: string;
  readonly ready: boolean;
  /** `i-…`; undefined: not on EC2. */
  readonly instanceId: string | undefined;
  /** AWS region by the node's label. */
  readonly region: string | undefined;
}

interface RawNode {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: { readonly providerID?: string };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo?: { readonly kernelVersion?: string; readonly operatingSystem?: string };
  };
}

/** Every node, by name. */
export const nodes = oncePerRun(async ({ cluster }): Promise<LiveNode[]> => {
  const found = (await cluster.list("/api/v1/nodes", nodeOf)) ?? [];
  return found.toSorted((a, b) => a.name.localeCompare(b.name));
});

function nodeOf(object: unknown): LiveNode {
  const { metadata, spec = {}, status = {} } = object as RawNode;
  const { addresses = [], conditions = [], nodeInfo = {} } = status;
  return {
    name: metadata.name,
    internalIp: addresses.find(({ type }) => type === "InternalIP")?.address,
    operatingSystem: nodeInfo.operatingSystem ?? "linux",
    kernel: nodeInfo.kernelVersion ?? "",
    ready: conditions.some(({ type, status: holds }) => type === "Ready" && holds === "True"),
    // aws:///eu-west-1a/i-0123456789abcdef0
    instanceId: /^aws:\/\/.*\/(i-[0-9a-f]+)$/.exec(spec.providerID ?? "")?.[1],
    region: metadata.labels?.["topology.kubernetes.io/region"],
  };
}

/** The fields of a service that checks use. */
export interface LiveService {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly createdAt: string;
  /** `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`. */
  readonly type: string;
  /** IPv4; undefined: it has none. */
  readonly clusterIp: string | undefined;
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly ports: readonly {
    readonly port: number;
    readonly protocol: "sctp" | "tcp" | "udp";
    /** Port of the pods, by number or by its name in theirs. */
    readonly targetPort: number | string;
  }[];
  readonly externalTrafficPolicy: string | undefined;
  readonly loadBalancerSourceRanges: readonly string[];
  /** Names or addresses of its load balancer; empty: it has none yet. */
  readonly loadBalancers: readonly string[];
}

interface RawService {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
  };
  readonly spec: {
    readonly type?: string;
    readonly clusterIPs?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly port: number;
      readonly protocol?: string;
      readonly targetPort?: number | string;
    }[];
    readonly externalTrafficPolicy?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
  };
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly hostname?: string; readonly ip?: string }[];
    };
  };
}

/** Every service. */
export const services = oncePerRun(
  async ({ cluster }): Promise<LiveService[]> => (await cluster.list("/api/v1/services", serviceOf)) ?? [],
);

function serviceOf(object: unknown): LiveService {
  const { metadata, spec, status } = object as RawService;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    createdAt: metadata.creationTimestamp ?? "",
    type: spec.type ?? "ClusterIP",
    clusterIp: spec.clusterIPs?.find((ip) => /^[\d.]+$/.test(ip)),
    selector: spec.selector,
    ports: (spec.ports ?? []).map(({ port, protocol = "TCP", targetPort = port }) => ({
      port,
      protocol: protocol.toLowerCase() as "sctp" | "tcp" | "udp",
      targetPort,
    })),
    externalTrafficPolicy: spec.externalTrafficPolicy,
    loadBalancerSourceRanges: spec.loadBalancerSourceRanges ?? [],
    loadBalancers: (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => hostname ?? ip ?? []),
  };
}

/** The fields of DaemonSet kube-proxy that checks use. */
export interface KubeProxyDaemonSet {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly nodeSelector?: Readonly<Record<string, string>>;
        readonly affinity?: unknown;
      };
    };
  };
  readonly status?: { readonly desiredNumberScheduled?: number };
}

/** DaemonSet kube-proxy; undefined: there is none. */
export const kubeProxyDaemonSet = oncePerRun(({ cluster }) =>
  cluster.get<KubeProxyDaemonSet>("/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy"),
);
