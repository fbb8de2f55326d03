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
      "kubernetes-sigs/metrics-server metrics-server-helm-chart-3.13.0 charts/metrics-server/values.yaml: 10250, which the kubelet has; terraform-aws-modules/terraform-aws-eks node_groups.tf, ingress_cluster_4443_webhook",
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
      "metricsServer.useHostNetwork: true, service.portHttpsTarget: 8443, webhooks.useHostNetwork: true, webhooks.port: 9443",
    source:
      "kedacore/charts 1444d00 (2.20.2) keda/values.yaml and templates; its own default 6443 is the port of Calico's webhooks",
  },
} as const satisfies Readonly<Record<string, WebhookPorts>>;
