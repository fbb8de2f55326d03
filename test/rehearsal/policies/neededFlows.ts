import type { Flow, Host, Pod } from "./semantics.ts";

/** A connection that has to be open, or closed, with the words for when it is not. */
export interface NamedFlow extends Flow {
  readonly name: string;
}

/** Addresses that flows are judged by. */
export interface Places {
  /** An address of the API server, in a control-plane subnet. */
  readonly apiServer: string;
}

const node: Host = { address: "10.40.0.4" };
const ownNode: Host = { ...node, isOwnNode: true };
const resolver: Host = { address: "169.254.169.253" };
const internet: Host = { address: "203.0.113.80" };

const pod = (namespace: string, app: string, lastByte: number): Pod => ({
  namespace,
  labels: { "k8s-app": app },
  address: `192.168.7.${lastByte}`,
});

const coreDns = pod("kube-system", "kube-dns", 2);
const controllers = pod("calico-system", "calico-kube-controllers", 3);
const goldmane = pod("calico-system", "goldmane", 4);
const whisker = pod("calico-system", "whisker", 5);
const metricsServer = pod("kube-system", "metrics-server", 6);
const stranger = pod("elsewhere", "client", 7);

const tcp = (name: string, from: Host | Pod, to: Host | Pod, port: number): NamedFlow => ({
  name,
  from,
  to,
  protocol: "TCP",
  port,
});
const udp = (name: string, from: Host | Pod, to: Host | Pod, port: number): NamedFlow => ({
  ...tcp(name, from, to, port),
  protocol: "UDP",
});

/**
 * What the cluster's own pods need. Ports: EKS's CoreDNS (health 8080, readiness 8181), tigera/operator v1.42.4
 * pkg/render/{goldmane,whisker}, metrics-server's manifest. Read 2026-11-21.
 */
export function systemFlows({ apiServer }: Places): NamedFlow[] {
  const api: Host = { address: apiServer };
  return [
    udp("CoreDNS asks the VPC's resolver", coreDns, resolver, 53),
    tcp("CoreDNS reads services", coreDns, api, 443),
    udp("pods of any namespace ask CoreDNS", stranger, coreDns, 53),
    tcp("the kubelet asks whether CoreDNS is alive", ownNode, coreDns, 8080),
    tcp("the kubelet asks whether CoreDNS is ready", ownNode, coreDns, 8181),
    tcp("Calico's controllers reach the API server", controllers, api, 443),
    udp("Calico's controllers ask CoreDNS", controllers, coreDns, 53),
    tcp("calico-node sends flows to Goldmane", node, goldmane, 7443),
    tcp("Whisker reads from Goldmane", whisker, goldmane, 7443),
    udp("Whisker asks CoreDNS", whisker, coreDns, 53),
    tcp("metrics-server reads the kubelets", metricsServer, node, 10250),
    tcp("metrics-server reaches the API server", metricsServer, api, 443),
  ];
}

const app = (namespace: string): Pod => pod(namespace, "app", 8);

/** What pods keep in a namespace with default deny. */
export function keptFlows(namespace: string, { apiServer }: Places): NamedFlow[] {
  const own = app(namespace);
  return [
    udp(`pods of ${namespace} ask CoreDNS`, own, coreDns, 53),
    tcp(`pods of ${namespace} ask CoreDNS over TCP`, own, coreDns, 53),
    tcp(`pods of ${namespace} reach the API server`, own, { address: apiServer }, 443),
    tcp(`the kubelet probes pods of ${namespace}`, ownNode, own, 8080),
  ];
}

/** What default deny closes in a namespace. */
export function closedFlows(namespace: string): NamedFlow[] {
  const own = app(namespace);
  const neighbour = { ...app(namespace), address: "192.168.7.9" };
  return [
    tcp(`pods of ${namespace} reach each other`, own, neighbour, 8080),
    tcp(`pods of ${namespace} reach the internet`, own, internet, 443),
    tcp(`pods of ${namespace} reach pods of other namespaces`, own, stranger, 8080),
    tcp(`pods of ${namespace} read the instance's metadata`, own, { address: "169.254.169.254" }, 80),
    tcp(`pods of ${namespace} reach the kubelets`, own, node, 10250),
    tcp(`pods of other namespaces reach pods of ${namespace}`, stranger, own, 8080),
    tcp(`another node reaches pods of ${namespace}`, node, own, 8080),
  ];
}
