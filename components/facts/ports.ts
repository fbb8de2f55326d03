/** The source: nodes and control plane by their security groups, the others by their addresses. */
type Sender = "nodes" | "controlPlane" | "nodePortClients" | "podCidr" | "privateAccess";

/** One port, or a range of them. */
export interface Port {
  /** `-1`: every protocol and port. */
  readonly protocol: "tcp" | "udp" | "-1";
  /** First and last port; or the name of the setting that decides; -1 with every protocol. */
  readonly ports: readonly [first: number, last: number] | "metricsPort" | "typhaMetricsPort";
  readonly from: Sender;
  /** Unset: the nodes. */
  readonly to?: "controlPlane";
  /** Description of the security group rule, in the characters that EC2 takes: letters, digits, spaces, ._-:/()#,@[]+=&;{}!$* */
  readonly why: string;
  /** Unset: always. */
  readonly when?: "unencapsulated" | "vpcPods" | "apiServer" | "metrics" | "typhaMetrics";
  readonly source: string;
}

const requirements = "tigera/docs getting-started/kubernetes/requirements.mdx, network requirements";
const hostNetworked = "tigera/operator pkg/render/apiserver.go HostNetworkRequired, webhooks/render.go";
const securityGroups = "EKS user guide, sec-group-reqs";

/**
 * Every port that the security groups open, by the first part of its rule's key. Read 2026-11-20.
 *
 * Not here because not used: BGP (179) is off; IPIP and WireGuard are refused; Typha's and Felix's health ports are probed
 * on the node itself; pods reach CoreDNS inside VXLAN or, unencapsulated, by the rules for all traffic.
 */
export const ports = {
  vxlan: {
    protocol: "udp",
    ports: [4789, 4789],
    from: "nodes",
    why: "VXLAN: pods on other nodes, and NodePort requests that eBPF forwards whatever the encapsulation",
    source: requirements,
  },
  typha: {
    protocol: "tcp",
    ports: [5473, 5473],
    from: "nodes",
    why: "calico-node reads its configuration from Typha",
    source: requirements,
  },
  "kubelet-nodes": {
    protocol: "tcp",
    ports: [10250, 10250],
    from: "nodes",
    why: "metrics-server reads the kubelets",
    source: requirements,
  },
  "felix-metrics": {
    protocol: "tcp",
    ports: "metricsPort",
    from: "nodes",
    why: "Prometheus reads the metrics of Felix",
    when: "metrics",
    source: "tigera/docs reference/felix/configuration.mdx, prometheusMetricsPort",
  },
  "typha-metrics": {
    protocol: "tcp",
    ports: "typhaMetricsPort",
    from: "nodes",
    why: "Prometheus reads the metrics of Typha",
    when: "typhaMetrics",
    source:
      "tigera/operator v1.42.4 api/v1/installation_types.go, TyphaMetricsPort; Typha has the host's network",
  },
  "unencapsulated-nodes": {
    protocol: "-1",
    ports: [-1, -1],
    from: "nodes",
    why: "nodes to pods on other nodes, which arrive without encapsulation",
    when: "unencapsulated",
    source: "tigera/docs requirements.mdx; EC2 user guide, security group rules by source group",
  },
  "unencapsulated-pods": {
    protocol: "-1",
    ports: [-1, -1],
    from: "podCidr",
    why: "pods to pods on other nodes, which arrive without encapsulation",
    when: "unencapsulated",
    source: "tigera/docs requirements.mdx; EC2 user guide, security group rules by source address",
  },
  "vpc-pods": {
    protocol: "-1",
    ports: [-1, -1],
    from: "nodes",
    why: "nodes and pods to pods on other nodes, whose interfaces have this group too",
    when: "vpcPods",
    source: "aws/amazon-vpc-cni-k8s README.md: further interfaces have the groups of the first one",
  },
  "vpc-pods-control-plane": {
    protocol: "tcp",
    ports: [0, 65535],
    from: "controlPlane",
    why: "API server to webhooks and aggregated APIs in pods, on any port",
    when: "vpcPods",
    source: securityGroups,
  },
  "kubelet-control-plane": {
    protocol: "tcp",
    ports: [10250, 10250],
    from: "controlPlane",
    why: "API server to kubelets: logs, exec, port-forward",
    source: securityGroups,
  },
  webhooks: {
    protocol: "tcp",
    ports: [443, 443],
    from: "controlPlane",
    why: "API server to admission webhooks and aggregated APIs on the host network",
    source: "terraform-aws-modules/terraform-aws-eks 21.19.0 node_groups.tf, ingress_cluster_443",
  },
  "calico-apiserver": {
    protocol: "tcp",
    ports: [5443, 5443],
    from: "controlPlane",
    why: "API server to calico-apiserver, which serves projectcalico.org/v3 on the host network",
    when: "apiServer",
    source: hostNetworked,
  },
  "calico-webhooks": {
    protocol: "tcp",
    ports: [6443, 6443],
    from: "controlPlane",
    why: "API server to calico-webhooks on the host network",
    when: "apiServer",
    source: hostNetworked,
  },
  "nodeports-tcp": {
    protocol: "tcp",
    ports: [30000, 32767],
    from: "nodePortClients",
    why: "clients of NodePorts",
    source: "kubernetes.io, Service, type NodePort: default range of the API server",
  },
  "nodeports-udp": {
    protocol: "udp",
    ports: [30000, 32767],
    from: "nodePortClients",
    why: "clients of NodePorts",
    source: "kubernetes.io, Service, type NodePort: default range of the API server",
  },
  "api-server": {
    protocol: "tcp",
    ports: [443, 443],
    from: "nodes",
    to: "controlPlane",
    why: "kubelets, Calico and CoreDNS to the API server",
    source: securityGroups,
  },
  "api-clients": {
    protocol: "tcp",
    ports: [443, 443],
    from: "privateAccess",
    to: "controlPlane",
    why: "clients of the private endpoint outside the cluster: Pulumi, kubectl",
    source: "EKS user guide, cluster-endpoint: accessing a private only API server",
  },
} as const satisfies Record<string, Port>;

/**
 * What already listens on the nodes' network, or again after a switch back to kube-proxy, by TCP port. Read 2026-11-21;
 * kube-proxy's metrics: kubernetes.io, ports and protocols and kube-proxy, --metrics-bind-address, read 2026-11-27.
 */
export const hostPorts = {
  5443: "Calico's API server",
  5473: "Typha",
  6443: "Calico's webhooks",
  9098: "Typha's health check",
  9099: "Felix's health check",
  10248: "the kubelet's health check",
  10249: "kube-proxy's metrics",
  10250: "the kubelet",
  10256: "the health check of eBPF's service proxy, or of kube-proxy",
} as const satisfies Readonly<Record<number, string>>;

/**
 * What the AWS VPC CNI listens on there. Source: aws/amazon-vpc-cni-k8s README.md and charts/aws-vpc-cni/values.yaml, read
 * 2026-11-27.
 */
export const vpcCniPorts = {
  8162: "the metrics of the AWS VPC CNI's policy agent",
  8163: "the health check of the AWS VPC CNI's policy agent",
  50051: "the AWS VPC CNI's daemon",
  61678: "the metrics of the AWS VPC CNI",
  61679: "the AWS VPC CNI's introspection",
} as const satisfies Readonly<Record<number, string>>;

/**
 * What the charts that a setting installs listen on there. Source: `webhookPorts`; the load balancer controller's metrics and
 * health check: kubernetes-sigs/aws-load-balancer-controller v3.5.0 pkg/config/runtime_config.go, read 2026-11-28.
 */
export const chartPorts = {
  loadBalancers: {
    8080: "the metrics of the load balancer controller",
    9443: "the webhook of the load balancer controller",
    61779: "the health check of the load balancer controller",
  },
  metrics: { 4443: "metrics-server" },
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;

/** Ports of Services of type NodePort: the API server's default range, which EKS does not let anyone change. */
export const nodePortRange = { first: 30_000, last: 32_767 } as const;

/** Port of Typha's metrics unless it is set. Source: projectcalico/calico v3.32.1 typha/pkg/config/config_params.go. */
export const defaultTyphaMetricsPort = 9093;

/** What the API server calls on the nodes' own network, by the name of who listens. */
interface WebhookPorts {
  readonly ports: readonly number[];
  /** What it serves, in the characters that EC2 takes for a rule. */
  readonly why: string;
  /** Values of its chart that put it on the host network, at these ports. */
  readonly values: string;
  readonly source: string;
}

/**
 * Ports of common webhooks and aggregated APIs on the host network: a chart's own default, and another one where the
 * kubelet, or Calico's webhooks, have that already. Read 2026-11-28.
 */
export const webhookPorts = {
  "metrics-server": {
    ports: [4443],
    why: "API server to metrics-server",
    values: "hostNetwork.enabled: true, containerPort: 4443",
    source:
      "kubernetes-sigs/metrics-server metrics-server-helm-chart-3.13.1 charts/metrics-server/values.yaml: 10250, which the kubelet has; terraform-aws-modules/terraform-aws-eks node_groups.tf, ingress_cluster_4443_webhook",
  },
  "aws-load-balancer-controller": {
    ports: [9443],
    why: "API server to the webhook of aws-load-balancer-controller",
    values: "hostNetwork: true",
    source:
      "kubernetes-sigs/aws-load-balancer-controller 225f4456 helm/aws-load-balancer-controller/values.yaml, webhookBindPort",
  },
  "cert-manager": {
    ports: [10260],
    why: "API server to the webhook of cert-manager",
    values: "webhook.hostNetwork: true, webhook.securePort: 10260",
    source:
      "cert-manager/cert-manager 2d0d7f7f deploy/charts/cert-manager/values.yaml; cert-manager.io, compatibility with Kubernetes platform providers, AWS EKS: 10250, which the kubelet has; its example has 10260",
  },
  karpenter: {
    ports: [8443],
    why: "API server to the webhook of karpenter",
    values: "hostNetwork: true; charts without a value webhook have no webhook, and need no port",
    source:
      "aws/karpenter-provider-aws charts/karpenter/values.yaml, webhook.port, of 0.35 and 1.0; 1.1 and later have none",
  },
  keda: {
    ports: [8443, 9443],
    why: "API server to the metrics and webhooks of keda",
    values:
      "metricsServer.useHostNetwork: true, service.portHttpsTarget: 8443, webhooks.useHostNetwork: true, webhooks.port: 9443; their metrics apart from each other and from the 8080 of aws-load-balancer-controller: prometheus.metricServer.port: 8085, prometheus.webhooks.port: 8086",
    source:
      "kedacore/charts 1444d00 (2.20.2) keda/values.yaml and templates: ports of both pods, which are host ports on the host network; its own default 6443 is the port of Calico's webhooks",
  },
} as const satisfies Readonly<Record<string, WebhookPorts>>;
