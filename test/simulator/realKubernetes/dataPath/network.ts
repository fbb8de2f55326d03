/** What a test may break at one node; without any, a node is as the program meant it. */
export interface NodeFaults {
  /** What `uname -r` prints instead. The node's object keeps what its kubelet said. */
  readonly kernel?: string;
  /** Felix has given eBPF up, in silence. */
  readonly hasNoBpf?: true;
  readonly hasNoBpffs?: true;
  /** The service tables: never filled, or as they were at this moment. */
  readonly natTables?: "empty" | "frozen";
  /** What kube-proxy once wrote is still there. */
  readonly hasKubeProxyChains?: true;
  /** Requests from outside are forwarded with the node's own address, as kube-proxy does it. */
  readonly hidesClients?: true;
  /** Mode that is in effect, whatever is configured. */
  readonly externalService?: ExternalService;
  /** Someone has turned the check of its interface on again. */
  readonly hasSourceDestCheck?: true;
  /** Nothing outside of the cluster can be reached from it. */
  readonly hasNoWayOut?: true;
  /** Of the interfaces of pods, in bytes. */
  readonly podMtu?: number;
  /** The API server's endpoint does not answer from here. */
  readonly cannotReachEndpoint?: true;
  /** What calico-node was started with, instead of what its pod says. */
  readonly apiServer?: { readonly host: string; readonly port: string };
}

export type ExternalService = "DSR" | "Tunnel";

/** A node's share of the data path. */
export interface PathNode {
  readonly name: string;
  readonly ip: string;
  readonly subnetId: string;
  readonly sourceDestCheck: boolean;
  /** Its programs are loaded. */
  readonly bpf: boolean;
  /** As configured. */
  readonly externalService: ExternalService;
  readonly faults: NodeFaults;
}

/** Where a ready pod of a service answers. */
export interface Backend {
  readonly ip: string;
  readonly port: number;
}

/** One port of a service. */
export interface ServicePort {
  /** `namespace/name:port` */
  readonly name: string;
  readonly clusterIp: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly nodePort?: number;
  readonly externalTrafficPolicy: "Cluster" | "Local";
  readonly backends: readonly Backend[];
}

/** A pod, or an address that is a node's own. */
export interface Place {
  readonly ip: string;
  readonly node: string;
}

/** Everything that a packet's way depends on. */
export interface Network {
  readonly nodes: readonly PathNode[];
  readonly services: readonly ServicePort[];
  /** Services as each node with frozen tables knows them. */
  readonly frozen: ReadonlyMap<string, readonly ServicePort[]>;
  /** Node of an address on the pod network; undefined: no pod has it. */
  podNode(ip: string): string | undefined;
  readonly encapsulation: "VXLAN" | "VXLANCrossSubnet" | "None";
  /** kube-proxy runs on every node. */
  readonly hasKubeProxy: boolean;
  /** What security groups let through from one node to another. */
  allows(from: PathNode, to: PathNode, protocol: "tcp" | "udp", port: number): boolean;
  /** The same for packets that keep a pod's address. */
  allowsPods(from: PathNode, to: PathNode): boolean;
  /** The same from an address outside of the cluster. */
  allowsOutside(ip: string, to: PathNode, protocol: "tcp" | "udp", port: number): boolean;
}

/** UDP port of Calico's VXLAN, which also carries NodePort requests to the backend's node. */
export const vxlanPort = 4789;

/** What VXLAN adds to a packet, in bytes. */
export const vxlanOverhead = 50;

/** Of an EC2 instance's interface, in bytes. */
export const hostMtu = 9001;

export function nodeByName({ nodes }: Network, name: string): PathNode | undefined {
  return nodes.find((node) => node.name === name);
}

export function nodeByIp({ nodes }: Network, ip: string): PathNode | undefined {
  return nodes.find((node) => node.ip === ip);
}

/** Mode in which a node really forwards NodePort requests. */
export function effectiveMode({ externalService, faults }: PathNode): ExternalService {
  return faults.externalService ?? externalService;
}

/** Whether packets between pods of these nodes travel in VXLAN. */
export function isEncapsulated({ encapsulation }: Network, a: PathNode, b: PathNode): boolean {
  return encapsulation === "VXLAN" || (encapsulation === "VXLANCrossSubnet" && a.subnetId !== b.subnetId);
}

/** Largest packet that a pod of this node may send, in bytes, as its interface says. */
export function podMtu({ encapsulation }: Network, { faults }: PathNode): number {
  return faults.podMtu ?? (encapsulation === "None" ? hostMtu : hostMtu - vxlanOverhead);
}
