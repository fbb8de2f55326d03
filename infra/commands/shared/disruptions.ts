/** The effect of a step on users of the cluster. What is undefined is not affected. */
export interface Disruption {
  /** What happens, as a heading. */
  readonly title: string;
  /** Connections that start while it happens. */
  readonly newConnections?: string;
  /** Connections that are open already. */
  readonly openConnections?: string;
  readonly dns?: string;
  /** Seconds during which a node does not see changed services; 0: none. */
  readonly frozenSeconds: number;
  /** How to undo this step alone. */
  readonly back: string;
  readonly source: string;
}

/** Felix restarts to read changed settings; the eBPF programs stay loaded meanwhile. */
const felixRestart = 5;

/** One calico-node at a time, each away while its pod is replaced. */
const calicoNodeRestart = 30;

/** One kube-proxy at a time. */
const kubeProxyRestart = 15;

/**
 * Calico 3.32.1 and kube-proxy 1.35.4 on three nodes in network namespaces, one subnet, VXLAN, five long connections and a
 * new one every 100 ms of each kind, each switch twice, on 2026-11-27. Two busy cores: seconds are upper bounds.
 */
const measured = "measured with real packets on Calico 3.32.1, three nodes on one machine, 2026-11-27";

/**
 * The effects of the steps of a change. Seconds are estimates, except where the source says that they were measured.
 * None was measured on a live cluster.
 * Sources, read 2026-11-20: tigera/docs operations/ebpf/enabling-ebpf.mdx (3.32), operations/upgrading (3.33);
 * projectcalico/calico felix/design/bpf-conntrack-flowstate.md (release-v3.33); the EKS user guide's pages named below.
 */
export const disruptions = {
  felixSettings: {
    title: "Felix reads new settings",
    frozenSeconds: felixRestart,
    back: "restore the settings of calico that changed",
    source: "Felix restarts when most bpf* values change; estimated time",
  },
  serviceMode: {
    title: "Replies to external clients take another path",
    newConnections: "served, in the new mode 5 to 17 s later",
    openConnections:
      "continue (20 of 20 in each direction); the Calico documentation says that those through NodePorts may break",
    frozenSeconds: felixRestart,
    back: "restore calico.externalService",
    source: `${measured}; tigera/docs enabling-ebpf`,
  },
  besideKubeProxy: {
    title: "Felix starts or stops leaving kube-proxy's rules and its port 10256 alone",
    frozenSeconds: felixRestart,
    back: "restore kubeProxy",
    source: "projectcalico/calico#10538, kubernetes/kops#18334",
  },
  toBpf: {
    title: "calico-node is rolled, then eBPF is switched on everywhere at once",
    newConnections:
      "between pods of two nodes, and through a NodePort of another node than the pod's: fail for 12 to 31 s, until Felix has loaded its programs, longer with many pods on a node; on one node, and through the pod's own node: served except for 0 to 2 s",
    openConnections:
      "between pods of two nodes: pause for the same time, then continue; through a NodePort of another node: lost; through the pod's own node: continue",
    dns: "as other traffic, until CoreDNS is rolled at the end",
    frozenSeconds: calicoNodeRestart,
    back: "calico.dataplane: Iptables, externalService: Tunnel, kubeProxy: Running",
    source: `${measured}: Felix recreates vxlan.calico, which has no routes until its programs are loaded, in any order of the steps; tigera/docs enabling-ebpf`,
  },
  toBpfOnVpcCni: {
    title: "calico-node is rolled, then eBPF is switched on everywhere at once; pods are on the AWS VPC CNI",
    newConnections:
      "not measured; those to services and NodePorts may fail until Felix has loaded its programs, those between pods have no overlay that is recreated",
    openConnections: "not measured; those through NodePorts of a node other than the pod's are lost",
    dns: "as other traffic, until CoreDNS is rolled at the end",
    frozenSeconds: calicoNodeRestart,
    back: "calico.dataplane: Iptables, kubeProxy: Running",
    source: "estimate: the time is that of Calico's own network; tigera/docs enabling-ebpf",
  },
  toIptablesOnVpcCni: {
    title:
      "eBPF is switched off everywhere at once, with kube-proxy already running; pods are on the AWS VPC CNI",
    newConnections: "not measured; served by eBPF before, by kube-proxy after",
    openConnections: "not measured; those through NodePorts end, and clients reconnect",
    dns: "queries in flight may be lost, until CoreDNS is rolled at the end",
    frozenSeconds: calicoNodeRestart,
    back: "calico.dataplane: BPF, with kubeProxy as it was",
    source: "estimate: as with Calico's own network, in the same order; tigera/docs enabling-ebpf",
  },
  toIptables: {
    title: "eBPF is switched off everywhere at once, with kube-proxy already running",
    newConnections: "served except for 0 to 2 s: by eBPF before, by kube-proxy after",
    openConnections:
      "through NodePorts: end, and clients reconnect; of pods: 18 of 20 continued, two hung for more than 60 s",
    dns: "queries in flight may be lost, until CoreDNS is rolled at the end",
    frozenSeconds: calicoNodeRestart,
    back: "calico.dataplane: BPF, with kubeProxy and externalService as they were",
    source: `${measured}; in the documented order, with kube-proxy last, new connections fail for 12 s; tigera/docs enabling-ebpf`,
  },
  kubeProxyStarts: {
    title: "kube-proxy starts on every node",
    frozenSeconds: 0,
    back: "restore kubeProxy",
    source: "eBPF serves next to it, with the cleanup of its rules turned off",
  },
  kubeProxyStops: {
    title: "kube-proxy stops on every node; Felix removes its rules",
    frozenSeconds: 0,
    back: "restore kubeProxy",
    source: "eBPF serves already; kube-proxy leaves its rules behind, Felix cleans them up",
  },
  coreDnsRolled: {
    title: "CoreDNS is rolled, one pod after another",
    dns: "a query to a pod that stops is retried after the resolver's timeout, 5 s by default",
    frozenSeconds: 0,
    back: "follows the dataplane",
    source: "tigera/docs enabling-ebpf restarts kube-dns; resolv.conf(5), option timeout",
  },
  coreDnsUpgraded: {
    title: "EKS updates CoreDNS to its default for the new Kubernetes, one pod after another",
    dns: "a query to a pod that stops is retried after the resolver's timeout, 5 s by default",
    frozenSeconds: 0,
    back: "none: the version follows cluster.kubernetesVersion",
    source:
      "EKS user guide, add-ons are not updated with a cluster, so this program does it; resolv.conf(5), option timeout",
  },
  kubeProxyUpgraded: {
    title: "EKS updates kube-proxy to its default for the new Kubernetes, one node after another",
    frozenSeconds: kubeProxyRestart,
    back: "none: the version follows cluster.kubernetesVersion",
    source: "kube-proxy leaves its rules in place when it ends, and writes them again; estimated time",
  },
  vpcCniUpgraded: {
    title: "EKS updates the AWS VPC CNI to its default for the new Kubernetes, one node after another",
    newConnections: "unchanged; a pod that starts on the node meanwhile waits for its address",
    frozenSeconds: 0,
    back: "set addons.vpc-cni.version to the older one",
    source:
      "aws/amazon-vpc-cni-k8s README.md: addresses are kept on the node, and pods keep their interfaces",
  },
  podsClosed: {
    title: "Pods of the namespace reach, and are reached by, only what a policy allows",
    newConnections: "refused except for DNS, the API server, the pod's own node and what your policies allow",
    openConnections: "continue until they end",
    frozenSeconds: 0,
    back: "remove the namespace from networkPolicies.defaultDeny",
    source:
      "kubernetes.io, Network Policies; projectcalico/calico felix/bpf-gpl/tc.c judges only what conntrack does not know",
  },
  podsOpened: {
    title: "Pods of the namespace are open again unless one of your policies selects them",
    frozenSeconds: 0,
    back: "add the namespace to networkPolicies.defaultDeny again",
    source: "kubernetes.io, Network Policies: what no policy selects is not isolated",
  },
  flowsTurned: {
    title: "calico-node is rolled, one node at a time: it starts or stops sending flows to Goldmane",
    newConnections: "served; new pods on the node wait for their network",
    openConnections: "continue: the programs stay loaded while Felix is away",
    frozenSeconds: calicoNodeRestart,
    back: "restore observability.flows",
    source: "tigera/operator v1.42.4 pkg/render/node.go, GoldmaneRunning",
  },
  typhaRolled: {
    title: "Typha is rolled: it starts or stops serving metrics",
    frozenSeconds: felixRestart,
    back: "restore observability.typhaMetricsPort or prometheus",
    source: "tigera/operator v1.42.4 pkg/render/typha.go; Felix connects to the next Typha; estimated time",
  },
  operatorUpgraded: {
    title: "The operator rolls calico-node and Typha, one node at a time",
    newConnections: "served; new pods on the node wait for their network",
    openConnections: "continue: the programs stay loaded while Felix is away",
    frozenSeconds: calicoNodeRestart,
    back: "a release of the same minor version, not an older one",
    source: "tigera/docs operations/upgrading; the operator's nodeUpdateStrategy has maxUnavailable 1",
  },
  controlPlaneUpgraded: {
    title: "EKS replaces the API servers",
    openConnections: "to the API server are cut and reopened; those of workloads continue",
    frozenSeconds: 60,
    back: "none: EKS does not downgrade",
    source: "EKS user guide, update-cluster; estimated time",
  },
  nodesReplaced: {
    title: "EKS replaces the pool's nodes, one third at a time",
    newConnections: "served by the remaining pods",
    openConnections:
      "of evicted pods end with their grace period; through NodePorts, with the node that accepted them",
    dns: "CoreDNS moves, too, one pod after another",
    frozenSeconds: 0,
    back: "restore the pool's settings: its nodes are replaced once more",
    source:
      "EKS user guide, managed-node-update-behavior; maxUnavailablePercentage 33 in components/nodePool.ts",
  },
} as const satisfies Readonly<Record<string, Disruption>>;
