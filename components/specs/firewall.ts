import { type Port, ports, webhookPorts } from "../facts/ports.ts";
import type { Settings } from "../settings/settings.ts";
import { typhaMetricsPort } from "./monitoring.ts";

/** A TCP port of the nodes that the control plane may reach, and why: description of its rule. */
export interface ControlPlanePort {
  readonly port: number;
  readonly why: string;
}

/** Ports that the settings open to the control plane, each once, by number; who share one share its description. */
export function controlPlanePorts(settings: Settings): ControlPlanePort[] {
  const requested = settings.nodeFirewall.fromControlPlane.flatMap(({ for: name, port, reason }) => [
    ...(name === undefined ? [] : knownPorts(name)),
    ...(port === undefined || reason === undefined ? [] : [{ port, why: reason }]),
  ]);
  return [...Map.groupBy([...requested, ...impliedPorts(settings)], ({ port }) => port)]
    .toSorted(([one], [other]) => one - other)
    .map(([port, rows]) => ({ port, why: joined(rows.map(({ why }) => why)) }));
}

function knownPorts(name: keyof typeof webhookPorts): ControlPlanePort[] {
  const { ports, why } = webhookPorts[name];
  return ports.map((port) => ({ port, why }));
}

/** Of what other settings install. */
function impliedPorts({ loadBalancers, metrics }: Settings): ControlPlanePort[] {
  return [
    ...(loadBalancers ? knownPorts("aws-load-balancer-controller") : []),
    ...(metrics ? knownPorts("metrics-server") : []),
  ];
}

/** Most characters of a rule's description. Source: EC2 API reference, IpRange. */
const longestDescription = 255;

function joined(reasons: readonly string[]): string {
  return [...new Set(reasons)].join("; ").slice(0, longestDescription);
}

/** What decides which ports are open on the nodes. */
export interface NodeTraffic
  extends Pick<Settings["calico"], "cni" | "encapsulation" | "podCidr" | "metricsPort" | "apiServer"> {
  /** CIDRs that may reach NodePorts. */
  readonly nodePortClients: readonly string[];
  /** Port of Typha's metrics; null: none. */
  readonly typhaMetricsPort: number | null;
  /** Further ports of the nodes that the control plane may reach. */
  readonly controlPlanePorts: readonly ControlPlanePort[];
}

type FirewallSource =
  | { readonly kind: "nodes" }
  | { readonly kind: "controlPlane" }
  | { readonly kind: "cidr"; readonly cidr: string }
  | { readonly kind: "securityGroup"; readonly id: string };

/** One ingress rule of a security group. */
export interface FirewallRule {
  /** Unique and derived from data, so that a rule keeps its name when others come and go. */
  readonly key: string;
  /** `-1`: every protocol; the ports are then -1 too. */
  readonly protocol: "tcp" | "udp" | "-1";
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: FirewallSource;
  /** Description, in the characters that EC2 takes. */
  readonly why: string;
}

/** Ingress rules of the nodes' security group. */
export function nodeIngress(traffic: NodeTraffic): FirewallRule[] {
  return [
    ...entries
      .filter(([, port]) => port.to === undefined && (port.when === undefined || applies[port.when](traffic)))
      .flatMap(([name, port]) => rules(name, port, traffic)),
    ...traffic.controlPlanePorts.map(({ port, why }) =>
      rule(`control-plane-${port}`, { protocol: "tcp", why }, [port, port], { kind: "controlPlane" }),
    ),
  ];
}

/** Ingress rules, for the nodes, of the security group of the control plane's network interfaces. */
export function controlPlaneIngress(): FirewallRule[] {
  return entries
    .filter(([, port]) => port.to === "controlPlane" && port.from === "nodes")
    .flatMap(([key, port]) => portRange(port).map((range) => rule(key, port, range, { kind: "nodes" })));
}

/** Its ingress rules for clients outside the cluster. */
export function privateAccessIngress({
  privateAccessCidrs,
  privateAccessSecurityGroupIds,
}: Pick<Settings["cluster"], "privateAccessCidrs" | "privateAccessSecurityGroupIds">): FirewallRule[] {
  const clients: readonly (readonly [string, FirewallSource])[] = [
    ...privateAccessCidrs.map((cidr) => [cidr.replace("/", "-"), { kind: "cidr", cidr }] as const),
    ...privateAccessSecurityGroupIds.map((id) => [id, { kind: "securityGroup", id }] as const),
  ];
  return entries
    .filter(([, port]) => port.from === "privateAccess")
    .flatMap(([key, port]) =>
      portRange(port).flatMap((range) =>
        clients.map(([name, source]) => rule(`${key}-${name}`, port, range, source)),
      ),
    );
}

const entries: readonly (readonly [string, Port])[] = Object.entries(ports);

const applies: Readonly<Record<NonNullable<Port["when"]>, (traffic: NodeTraffic) => boolean>> = {
  unencapsulated: ({ cni, encapsulation }) => cni === "Calico" && encapsulation !== "VXLAN",
  vpcPods: ({ cni }) => cni === "AmazonVPC",
  apiServer: ({ apiServer }) => apiServer,
  metrics: ({ metricsPort }) => metricsPort !== null,
  typhaMetrics: ({ typhaMetricsPort }) => typhaMetricsPort !== null,
};

function rules(name: string, port: Port, traffic: NodeTraffic): FirewallRule[] {
  return portRange(port, traffic).flatMap((range) =>
    sources(name, port, traffic).map(([key, source]) => rule(key, port, range, source)),
  );
}

/** First and last port; empty: the setting says that there is none. */
function portRange({ ports: range }: Port, traffic?: NodeTraffic): (readonly [number, number])[] {
  if (typeof range !== "string") return [range];
  const port = traffic?.[range] ?? null;
  return port === null ? [] : [[port, port]];
}

/** The permitted sources, each with the key of its rule. */
function sources(name: string, { from }: Port, traffic: NodeTraffic): (readonly [string, FirewallSource])[] {
  switch (from) {
    case "nodePortClients":
      return [...new Set(traffic.nodePortClients)].map((cidr) => [
        `${name}-${cidr.replace("/", "-")}`,
        { kind: "cidr", cidr },
      ]);
    case "podCidr":
      return [[name, { kind: "cidr", cidr: traffic.podCidr }]];
    case "privateAccess":
      return [];
    default:
      return [[name, { kind: from }]];
  }
}

function rule(
  key: string,
  { protocol, why }: Pick<Port, "protocol" | "why">,
  [fromPort, toPort]: readonly [number, number],
  source: FirewallSource,
): FirewallRule {
  return { key, protocol, fromPort, toPort, source, why };
}

/** What the nodes of a stack exchange, and with whom. `vpcCidrs`: every range of the VPC. */
export function nodeTraffic(settings: Settings, vpcCidrs: readonly string[]): NodeTraffic {
  const { cni, encapsulation, podCidr, metricsPort, apiServer } = settings.calico;
  return {
    cni,
    encapsulation,
    podCidr,
    metricsPort,
    apiServer,
    nodePortClients: settings.nodePorts.clients ?? vpcCidrs,
    typhaMetricsPort: typhaMetricsPort(settings),
    controlPlanePorts: controlPlanePorts(settings),
  };
}
