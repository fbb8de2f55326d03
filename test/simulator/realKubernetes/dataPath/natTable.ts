import { type Backend, type Network, nodeByIp, type PathNode, type ServicePort } from "./network.ts";

/** Address under which a node keeps the NodePorts of all other nodes. */
const anyNode = "255.255.255.255";

/** A frontend of the service tables of one node. */
export interface Frontend {
  readonly ip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  /** Number of the service's port. */
  readonly id: number;
  readonly backends: readonly Backend[];
  /** Backends on this node; they come first. */
  readonly local: number;
  readonly isLocalOnly: boolean;
}

/** Services that a node has in its tables. */
export function knownServices(network: Network, node: PathNode): readonly ServicePort[] {
  if (!node.bpf || node.faults.natTables === "empty") return [];
  return node.faults.natTables === "frozen" ? (network.frozen.get(node.name) ?? []) : network.services;
}

/** The service tables of a node. */
export function natTable(network: Network, node: PathNode): Frontend[] {
  return knownServices(network, node).flatMap((service, id) => {
    const isLocal = ({ ip }: Backend) => (network.podNode(ip) ?? nodeByIp(network, ip)?.name) === node.name;
    const backends = [...service.backends].sort((a, b) => Number(isLocal(b)) - Number(isLocal(a)));
    const local = backends.filter(isLocal).length;
    const frontend = (ip: string, port: number, isLocalOnly: boolean): Frontend => ({
      ip,
      port,
      protocol: service.protocol,
      id,
      backends,
      local,
      isLocalOnly,
    });
    const { nodePort, externalTrafficPolicy } = service;
    const external = externalTrafficPolicy === "Local";
    return [
      frontend(service.clusterIp, service.port, false),
      ...(nodePort === undefined
        ? []
        : [frontend(node.ip, nodePort, external), frontend(anyNode, nodePort, external)]),
    ];
  });
}

/** What a node makes of a packet to this address; undefined: it is of no service that the node knows. */
export function lookUp(
  network: Network,
  node: PathNode,
  to: { readonly ip: string; readonly port: number; readonly protocol: "tcp" | "udp" },
  /** Whether the packet begins here: then NodePorts of other nodes are translated at once. */
  begins: boolean,
): Frontend | undefined {
  const table = natTable(network, node);
  const find = (ip: string) =>
    table.find((one) => one.ip === ip && one.port === to.port && one.protocol === to.protocol);
  const direct = find(to.ip);
  if (direct !== undefined || !begins || nodeByIp(network, to.ip) === undefined) return direct;
  return find(anyNode);
}

/** The dump that `calico-node -bpf nat dump` prints (projectcalico/calico felix/cmd/calico-bpf/commands/nat.go). */
export function natDump(table: readonly Frontend[]): string {
  return table
    .map(({ ip, port, protocol, id, backends, local, isLocalOnly }) => {
      const flags = isLocalOnly ? " flags external-local" : "";
      const head = `${ip} port ${port} proto ${protocol === "tcp" ? 6 : 17} id ${id} count ${backends.length} local ${local}${flags}\n`;
      const rows = backends.map((one, ordinal) => `\t${id}:${ordinal}\t ${one.ip}:${one.port}\n`);
      return head + rows.join("");
    })
    .join("");
}
