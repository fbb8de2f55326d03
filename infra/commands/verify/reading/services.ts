import { oncePerRun } from "../once.ts";

/** A service as far as it is looked at. */
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
  readonly ports: readonly { readonly port: number; readonly protocol: "sctp" | "tcp" | "udp" }[];
  readonly externalTrafficPolicy: string | undefined;
  readonly loadBalancerSourceRanges: readonly string[];
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
    readonly ports?: readonly { readonly port: number; readonly protocol?: string }[];
    readonly externalTrafficPolicy?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
  };
}

/** Every service. */
export const services = oncePerRun(
  async ({ cluster }): Promise<LiveService[]> => (await cluster.list("/api/v1/services", serviceOf)) ?? [],
);

function serviceOf(object: unknown): LiveService {
  const { metadata, spec } = object as RawService;
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    createdAt: metadata.creationTimestamp ?? "",
    type: spec.type ?? "ClusterIP",
    clusterIp: spec.clusterIPs?.find((ip) => /^[\d.]+$/.test(ip)),
    selector: spec.selector,
    ports: (spec.ports ?? []).map(({ port, protocol = "TCP" }) => ({
      port,
      protocol: protocol.toLowerCase() as "sctp" | "tcp" | "udp",
    })),
    externalTrafficPolicy: spec.externalTrafficPolicy,
    loadBalancerSourceRanges: spec.loadBalancerSourceRanges ?? [],
  };
}
