/**
 * Who listens on the nodes' own network already, or again after a switch back to kube-proxy, by TCP port. Read 2026-11-21;
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

/** Ports of Services of type NodePort: the API server's default range, which EKS does not let anyone change. */
export const nodePortRange = { first: 30_000, last: 32_767 } as const;

/** Port of Typha's metrics unless the settings name one. Source: projectcalico/calico v3.32.1 typha/pkg/config/config_params.go. */
export const defaultTyphaMetricsPort = 9093;
