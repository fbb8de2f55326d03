import type { TrackedConnection } from "./conntrack.ts";
import { lookUp } from "./natTable.ts";
import {
  type Backend,
  effectiveMode,
  isEncapsulated,
  type Network,
  nodeByIp,
  nodeByName,
  type PathNode,
  vxlanPort,
} from "./network.ts";

/** Who opens a connection. */
export interface Client {
  readonly ip: string;
  readonly port: number;
  /** Node that it is on; undefined: outside of the cluster. */
  readonly node?: string;
  /** It has an address of the pod network. */
  readonly isPod: boolean;
}

export interface Destination extends Backend {
  readonly protocol: "tcp" | "udp";
}

/** What becomes of a connection. */
export type Connected =
  | {
      readonly ok: true;
      readonly to: Backend;
      /** Address that the other end sees. */
      readonly seenAs: string;
      /** What nodes keep of it, by their names. */
      readonly tracked: ReadonlyMap<string, TrackedConnection>;
    }
  | { readonly ok: false; readonly why: "timeout" | "refused" };

const timeout = { ok: false, why: "timeout" } as const;

/**
 * Follows a connection's first packets there and back.
 * @param turn chooses among the backends
 */
export function connect(network: Network, client: Client, asked: Destination, turn: number): Connected {
  const from = client.node === undefined ? undefined : nodeByName(network, client.node);
  return from === undefined
    ? fromOutside(network, client, asked, turn)
    : fromNode(network, from, client, asked, turn);
}

function fromNode(
  network: Network,
  from: PathNode,
  client: Client,
  asked: Destination,
  turn: number,
): Connected {
  const frontend = from.bpf ? lookUp(network, from, asked, true) : byKubeProxy(network, asked);
  if (frontend === undefined && isOfService(network, asked)) return timeout;
  const to = frontend === undefined ? asked : frontend.backends[turn % Math.max(1, frontend.backends.length)];
  if (to === undefined) return { ok: false, why: "refused" };
  const target = nodeOf(network, to.ip);
  if (target === undefined) return { ok: true, to, seenAs: from.ip, tracked: new Map() };
  if (!reaches(network, from, target, to, client.isPod)) return timeout;
  return { ok: true, to, seenAs: client.ip, tracked: new Map() };
}

/** Nothing but a node answers an address outside of the pod network. */
function fromOutside(network: Network, client: Client, asked: Destination, turn: number): Connected {
  const ingress = nodeByIp(network, asked.ip);
  if (ingress === undefined) return timeout;
  if (!network.allowsOutside(client.ip, ingress, asked.protocol, asked.port)) return timeout;
  const frontend = ingress.bpf ? lookUp(network, ingress, asked, false) : byKubeProxy(network, asked);
  if (frontend === undefined) return { ok: false, why: "refused" };
  const eligible = frontend.backends.slice(0, frontend.isLocalOnly ? frontend.local : undefined);
  const to = eligible[turn % Math.max(1, eligible.length)];
  const target = to && nodeOf(network, to.ip);
  if (to === undefined || target === undefined) return timeout;
  return target.name === ingress.name
    ? answeredHere(client, asked, to, ingress)
    : forwarded(network, { client, asked, to, ingress, target });
}

interface Forwarding {
  readonly client: Client;
  readonly asked: Destination;
  readonly to: Backend;
  /** Node that the client asked. */
  readonly ingress: PathNode;
  /** The backend's node. */
  readonly target: PathNode;
}

function answeredHere(client: Client, asked: Destination, to: Backend, ingress: PathNode): Connected {
  const entry = tracked(client, asked, to, { flags: ["ext-local"], sawReplies: true });
  return { ok: true, to, seenAs: client.ip, tracked: new Map([[ingress.name, entry]]) };
}

function forwarded(network: Network, forwarding: Forwarding): Connected {
  const { client, asked, to, ingress, target } = forwarding;
  if (!ingress.bpf) {
    // kube-proxy puts the node's address in place of the client's, so that the reply comes back.
    const ok = reaches(network, ingress, target, to, false);
    return ok ? { ok, to, seenAs: ingress.ip, tracked: new Map() } : timeout;
  }
  if (!network.allows(ingress, target, "udp", vxlanPort)) return timeout;
  // The backend's node looks the service up again, and answers only for what it knows.
  if (lookUp(network, target, { ...asked, ip: target.ip }, false) === undefined) return timeout;
  const isDirect = effectiveMode(target) === "DSR";
  if (!(isDirect ? mayAnswerFor(ingress, target) : network.allows(target, ingress, "udp", vxlanPort))) {
    return timeout;
  }
  const flags = effectiveMode(ingress) === "DSR" ? (["fwd-dsr", "np-fwd"] as const) : (["np-fwd"] as const);
  return {
    ok: true,
    to,
    seenAs: ingress.faults.hidesClients === true ? ingress.ip : client.ip,
    tracked: new Map([
      [ingress.name, tracked(client, asked, to, { flags, sawReplies: !isDirect, tunnelIp: target.ip })],
      [target.name, tracked(client, asked, to, { flags: [], sawReplies: true, tunnelIp: ingress.ip })],
    ]),
  };
}

/** Whether EC2 lets a node send with another's address: in the same subnet, with its own check off. */
function mayAnswerFor(ingress: PathNode, target: PathNode): boolean {
  return ingress.subnetId === target.subnetId && !target.sourceDestCheck;
}

/** Whether packets get from a node to a backend, and back. */
function reaches(network: Network, from: PathNode, target: PathNode, to: Backend, fromPod: boolean): boolean {
  if (from.name === target.name) return true;
  const toPod = network.podNode(to.ip) !== undefined;
  if (!toPod) return network.allows(from, target, "tcp", to.port);
  if (isEncapsulated(network, from, target)) {
    return network.allows(from, target, "udp", vxlanPort) && network.allows(target, from, "udp", vxlanPort);
  }
  // The router between the subnets of a VPC has no route to a pod.
  if (from.subnetId !== target.subnetId) return false;
  // Without a tunnel, what a pod sends leaves its node with the pod's address.
  const checks = target.sourceDestCheck || (fromPod && from.sourceDestCheck);
  return !checks && network.allowsPods(from, target) && network.allowsPods(target, from);
}

function byKubeProxy(network: Network, asked: Destination) {
  if (!network.hasKubeProxy) return undefined;
  const found = network.services.find(
    ({ clusterIp, port, nodePort, protocol }) =>
      protocol === asked.protocol &&
      ((clusterIp === asked.ip && port === asked.port) ||
        (nodePort === asked.port && nodeByIp(network, asked.ip) !== undefined)),
  );
  return found && { backends: found.backends, isLocalOnly: false, local: 0 };
}

/** Whether only a node that knows the service makes something of this address. */
function isOfService(network: Network, { ip, port }: Destination): boolean {
  const isNode = nodeByIp(network, ip) !== undefined;
  return network.services.some((one) => one.clusterIp === ip || (isNode && one.nodePort === port));
}

function nodeOf(network: Network, ip: string): PathNode | undefined {
  const pod = network.podNode(ip);
  return pod === undefined ? nodeByIp(network, ip) : nodeByName(network, pod);
}

function tracked(
  { ip, port }: Client,
  asked: Destination,
  backend: Backend,
  rest: Pick<TrackedConnection, "flags" | "sawReplies" | "tunnelIp">,
): TrackedConnection {
  const { protocol } = asked;
  return {
    protocol,
    client: { ip, port },
    asked: { ip: asked.ip, port: asked.port },
    backend: { ip: backend.ip, port: backend.port },
    ...rest,
  };
}
