import { smallMtuBytes } from "./tools.ts";

/** One quantity that a measurement tells. */
interface Figure {
  readonly title: string;
  /** As it stands in tables; empty: a text, not a number. */
  readonly unit: string;
  readonly better: "higher" | "lower";
}

/** Every quantity that is measured, in the order of the report. */
export const figures = {
  throughput: { title: "throughput", unit: "Gbit/s", better: "higher" },
  clientProcessor: { title: "processor time of the client's node", unit: "s/Gbit", better: "lower" },
  serverProcessor: { title: "processor time of the server's node", unit: "s/Gbit", better: "lower" },
  requestsPerSecond: { title: "requests", unit: "1/s", better: "higher" },
  connectionsPerSecond: { title: "new connections", unit: "1/s", better: "higher" },
  p50: { title: "latency p50", unit: "ms", better: "lower" },
  p90: { title: "latency p90", unit: "ms", better: "lower" },
  p99: { title: "latency p99", unit: "ms", better: "lower" },
  firstPacketP50: { title: "first packet p50", unit: "ms", better: "lower" },
  firstPacketP99: { title: "first packet p99", unit: "ms", better: "lower" },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;

/** What one run found, by figure. */
export type Values = Readonly<Partial<Record<FigureName, number>>>;

/** Where the client is, seen from the server. Outside: on a host that is not a node of the cluster. */
type ClientPlace = "same node" | "other node" | "outside";

/** What the client connects to. */
export type Way = "pod" | "ClusterIP" | "NodePort of the server's node" | "NodePort of another node";

interface Common {
  /** Stable name, for data and for `--only`. */
  readonly id: string;
  readonly title: string;
  readonly client: ClientPlace;
  readonly way: Way;
}

/** TCP or UDP as fast as it goes. */
export interface ThroughputMeasurement extends Common {
  readonly kind: "throughput";
  readonly protocol: "tcp" | "udp";
  /** Largest packet, in bytes; undefined: the cluster's own. */
  readonly mtuBytes: number | undefined;
  /** The server sends, so that replies are what counts. */
  readonly reverse: boolean;
}

/** Requests on open connections, or a connection for each. */
export interface RequestMeasurement extends Common {
  readonly kind: "requests" | "connections";
}

/** The first packet of a connection, with this number of services in the cluster. */
export interface FirstPacketMeasurement extends Common {
  readonly kind: "first packet";
  readonly services: number;
}

/** Whom the server sees. */
export interface AddressMeasurement extends Common {
  readonly kind: "source address";
}

export type Measurement =
  | ThroughputMeasurement
  | RequestMeasurement
  | FirstPacketMeasurement
  | AddressMeasurement;

export type Kind = Measurement["kind"];

/** A measurement that this cluster does not allow, and why. */
export interface LeftOut {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

export interface Circumstances {
  /** Nodes that can take the tools' pods. */
  readonly nodes: number;
  /** A client outside of the cluster is named. */
  readonly hasOutside: boolean;
  /** Numbers of services at which the first packet is measured, ascending. */
  readonly services: readonly number[];
  /** Kinds to measure. Absent: all. */
  readonly only?: readonly Kind[];
}

/** Every measurement, in the order of the report, and those that cannot be made here. */
export function measurements({ nodes, hasOutside, services, only }: Circumstances): {
  measured: Measurement[];
  leftOut: LeftOut[];
} {
  const wanted = [
    ...throughput(),
    ...overServices("requests"),
    ...overServices("connections"),
    ...services.map(firstPacket),
    ...addresses(),
  ].filter(({ kind }) => only?.includes(kind) ?? true);
  const judged = wanted.map((measurement) => ({
    measurement,
    why: obstacle(measurement, { nodes, hasOutside }),
  }));
  return {
    measured: judged.filter(({ why }) => why === undefined).map(({ measurement }) => measurement),
    leftOut: judged.flatMap(({ measurement: { id, title }, why }) =>
      why === undefined ? [] : [{ id, title, why }],
    ),
  };
}

function obstacle(
  { client, way }: Measurement,
  { nodes, hasOutside }: { nodes: number; hasOutside: boolean },
): string | undefined {
  if (client === "outside")
    return hasOutside ? undefined : "no client outside the cluster; name one with --client";
  if (client === "other node" && nodes < 2) return `needs two nodes; there is ${nodes}`;
  return way === "NodePort of another node" && nodes < 3
    ? `needs three nodes, one for the client, one for the NodePort, one for the server; there are ${nodes}`
    : undefined;
}

const places = ["same node", "other node"] as const;

function throughput(): Measurement[] {
  const inside = (["tcp", "udp"] as const).flatMap((protocol) =>
    places.flatMap((client) =>
      [undefined, smallMtuBytes.bytes].map(
        (mtuBytes): Measurement => ({
          id: `${protocol}/${client.replace(" ", "-")}/${mtuBytes ?? "mtu"}`,
          title: `${protocol.toUpperCase()} to a pod, ${client}, ${mtuBytes === undefined ? "the cluster's MTU" : `MTU ${mtuBytes}`}`,
          kind: "throughput",
          client,
          way: "pod",
          protocol,
          mtuBytes,
          reverse: false,
        }),
      ),
    ),
  );
  const replies: Measurement = {
    id: "tcp/outside/reply",
    title: "TCP replies through the NodePort of another node, client outside",
    kind: "throughput",
    client: "outside",
    way: "NodePort of another node",
    protocol: "tcp",
    mtuBytes: undefined,
    reverse: true,
  };
  return [...inside, replies];
}

const ways = [
  ["ClusterIP", "other node", "cluster-ip"],
  ["NodePort of the server's node", "other node", "node-port"],
  ["NodePort of another node", "other node", "other-node-port"],
  ["NodePort of the server's node", "outside", "outside-node-port"],
  ["NodePort of another node", "outside", "outside-other-node-port"],
] as const;

const words = { requests: "requests", connections: "a connection each" } as const;

function overServices(kind: "requests" | "connections"): Measurement[] {
  return ways.map(([way, client, name]) => ({
    id: `${kind}/${name}`,
    title: `HTTP, ${words[kind]}, ${titled(way, client)}`,
    kind,
    client,
    way,
  }));
}

function firstPacket(services: number): Measurement {
  return {
    id: `first-packet/${services}`,
    title: `first packet to a ClusterIP, ${services.toLocaleString("en")} service${services === 1 ? "" : "s"}`,
    kind: "first packet",
    client: "other node",
    way: "ClusterIP",
    services,
  };
}

function addresses(): Measurement[] {
  return ways.slice(1).map(([way, client, name]) => ({
    id: `address/${name}`,
    title: `source address, ${titled(way, client)}`,
    kind: "source address",
    client,
    way,
  }));
}

function titled(way: Way, client: ClientPlace): string {
  return client === "outside" ? `${way}, client outside` : way;
}
