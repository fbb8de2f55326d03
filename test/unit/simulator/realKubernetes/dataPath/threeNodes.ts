import type {
  Network,
  PathNode,
  ServicePort,
} from "../../../../simulator/realKubernetes/dataPath/network.ts";

/** One of three nodes in one subnet, with eBPF, DSR and its check off. */
export function pathNode(number: 1 | 2 | 3, change: Partial<PathNode> = {}): PathNode {
  return {
    name: `node-${number}`,
    ip: `10.40.0.${number}`,
    subnetId: "subnet-a",
    sourceDestCheck: false,
    bpf: true,
    externalService: "DSR",
    faults: {},
    ...change,
  };
}

/** A service with one backend, on node 2. */
export const web: ServicePort = {
  name: "default/web:",
  clusterIp: "172.20.0.80",
  port: 80,
  protocol: "tcp",
  nodePort: 30080,
  externalTrafficPolicy: "Cluster",
  backends: [{ ip: "192.168.2.2", port: 8080 }],
};

const podNodes = new Map([
  ["192.168.1.1", "node-1"],
  ["192.168.2.2", "node-2"],
]);

/** Three nodes between which everything is open, the service, and a pod on nodes 1 and 2. */
export function threeNodes(change: Partial<Network> = {}): Network {
  return {
    nodes: [pathNode(1), pathNode(2), pathNode(3)],
    services: [web],
    frozen: new Map(),
    podNode: (ip) => podNodes.get(ip),
    encapsulation: "VXLAN",
    hasKubeProxy: false,
    allows: () => true,
    allowsPods: () => true,
    allowsOutside: () => true,
    ...change,
  };
}
