/**
 * The metrics that alerts use. Sources, read 2026-11-21: prometheus.io/docs, jobs and instances (up); projectcalico/calico
 * v3.32.1 felix/dataplane/linux/{bpf_ep_mgr,int_dataplane}.go and felix/bpf/conntrack/scanner.go; kubernetes/kube-state-metrics
 * docs/metrics/workload/daemonset-metrics.md.
 */
export const metrics = {
  up: "up",
  // Registered whether eBPF is on or not: 0 while it is off.
  endpoints: "felix_bpf_dataplane_endpoints",
  dirtyEndpoints: "felix_bpf_dirty_dataplane_endpoints",
  conntrackUsed: "felix_bpf_conntrack_used",
  dataplaneFailures: "felix_int_dataplane_failures",
  daemonSetDesired: "kube_daemonset_status_desired_number_scheduled",
  daemonSetUnavailable: "kube_daemonset_status_number_unavailable",
} as const;

/** Names of the Services through which they are scraped, which Prometheus uses as job names. */
export const metricsJobs = {
  /** Created by this program. */
  felix: "felix-metrics",
  /** Created by the operator. Source: tigera/operator v1.42.4 pkg/render/typha.go. */
  typha: "calico-typha-metrics",
} as const;

/** Entries of the conntrack table. Source: projectcalico/calico v3.32.1 felix/config/config_params.go. */
export const defaultConntrackSize = 512_000;
