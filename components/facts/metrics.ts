/** One time series, by its name in Prometheus. */
interface Metric {
  readonly name: string;
  readonly source: string;
}

const felix = "projectcalico/calico v3.32.1 felix";
const daemonSets = "kubernetes/kube-state-metrics docs/metrics/workload/daemonset-metrics.md";

/** The metrics that alerts use. Names read in the source, 2026-11-21. */
export const metrics = {
  up: { name: "up", source: "prometheus.io/docs, jobs and instances" },
  endpoints: {
    name: "felix_bpf_dataplane_endpoints",
    source: `${felix}/dataplane/linux/bpf_ep_mgr.go: len(nameToIface), registered whether eBPF is on or not`,
  },
  dirtyEndpoints: {
    name: "felix_bpf_dirty_dataplane_endpoints",
    source: `${felix}/dataplane/linux/bpf_ep_mgr.go`,
  },
  conntrackUsed: {
    name: "felix_bpf_conntrack_used",
    source: `${felix}/bpf/conntrack/scanner.go`,
  },
  dataplaneFailures: {
    name: "felix_int_dataplane_failures",
    source: `${felix}/dataplane/linux/int_dataplane.go`,
  },
  daemonSetDesired: {
    name: "kube_daemonset_status_desired_number_scheduled",
    source: daemonSets,
  },
  daemonSetUnavailable: {
    name: "kube_daemonset_status_number_unavailable",
    source: daemonSets,
  },
} as const satisfies Readonly<Record<string, Metric>>;

/** Names of the Services through which they are scraped, which Prometheus uses as job names. */
export const metricsJobs = {
  /** Created by this program. */
  felix: "felix-metrics",
  /** Created by the operator. Source: tigera/operator v1.42.4 pkg/render/typha.go. */
  typha: "calico-typha-metrics",
} as const;

/** Entries of the conntrack table. Source: projectcalico/calico v3.32.1 felix/config/config_params.go. */
export const defaultConntrackSize = 512_000;
