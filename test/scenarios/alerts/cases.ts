import type { AlertCase } from "./promtool.ts";

const felix = (metric: string, node = "ip-10-40-0-4") => `${metric}{job="felix-metrics",node="${node}"}`;
const felixLabels = { job: "felix-metrics", node: "ip-10-40-0-4" };
const daemonSet = (metric: string, namespace: string, name: string) =>
  `kube_daemonset_status_${metric}{namespace="${namespace}",daemonset="${name}"}`;
const unavailable = daemonSet("number_unavailable", "calico-system", "calico-node");
const endpoints = felix("felix_bpf_dataplane_endpoints");
const dirty = felix("felix_bpf_dirty_dataplane_endpoints");
const used = felix("felix_bpf_conntrack_used");
const failures = felix("felix_int_dataplane_failures");
const desired = daemonSet("desired_number_scheduled", "kube-system", "kube-proxy");

type Titled = AlertCase & { readonly title: string };

const quiet = (title: string, alert: string, at: number, series: AlertCase["series"]): Titled => ({
  title,
  alert,
  at,
  series,
  fires: [],
});

/** On eBPF, with Typha's metrics and without kube-proxy. */
export const bpfCases: readonly Titled[] = [
  {
    title: "calico-node not ready on two nodes for a quarter of an hour",
    alert: "CalicoNodeNotReady",
    at: 20,
    series: { [unavailable]: "2x20" },
    fires: [
      {
        labels: { namespace: "calico-system", daemonset: "calico-node" },
        summary: "Nodes on which calico-node is not ready: 2.",
      },
    ],
  },
  quiet("calico-node rolled over ten minutes", "CalicoNodeNotReady", 20, { [unavailable]: "0x3 1x10 0x10" }),
  quiet("another DaemonSet not ready", "CalicoNodeNotReady", 20, {
    [daemonSet("number_unavailable", "calico-system", "csi-node-driver")]: "2x20",
  }),
  {
    title: "eBPF off on one of two nodes",
    alert: "CalicoEbpfOff",
    at: 15,
    series: { [endpoints]: "0x20", [felix("felix_bpf_dataplane_endpoints", "ip-10-40-0-5")]: "9x20" },
    fires: [{ labels: felixLabels, summary: "eBPF is off on ip-10-40-0-4." }],
  },
  quiet("Felix that starts", "CalicoEbpfOff", 15, { [endpoints]: "12x5 0x3 12x10" }),
  {
    title: "programs that the kernel refuses",
    alert: "CalicoDirtyEndpoints",
    at: 15,
    series: { [dirty]: "0x2 3x20" },
    fires: [
      {
        labels: felixLabels,
        summary: "Interfaces on ip-10-40-0-4 without their eBPF programs: 3.",
      },
    ],
  },
  quiet("interfaces that are dirty while pods start", "CalicoDirtyEndpoints", 15, {
    [dirty]: "0x2 3x4 0x2 2x4 0x10",
  }),
  {
    title: "a conntrack table over four fifths",
    alert: "CalicoConntrackNearlyFull",
    at: 10,
    series: { [used]: "409601x10" },
    fires: [
      {
        labels: felixLabels,
        summary: "The conntrack table of ip-10-40-0-4 has 409601 entries of 512000.",
      },
    ],
  },
  quiet("a conntrack table of just four fifths", "CalicoConntrackNearlyFull", 10, { [used]: "409600x10" }),
  quiet("a conntrack table that fills up for a moment", "CalicoConntrackNearlyFull", 10, {
    [used]: "1000x6 500000x2 1000x5",
  }),
  {
    title: "a Felix that does not answer",
    alert: "CalicoFelixDown",
    at: 10,
    series: { [felix("up")]: "1x2 0x10", [felix("up", "ip-10-40-0-5")]: "1x12" },
    fires: [{ labels: felixLabels, summary: "Felix on ip-10-40-0-4 does not answer Prometheus." }],
  },
  quiet("a Felix that restarts", "CalicoFelixDown", 10, { [felix("up")]: "1x4 0x2 1x10" }),
  {
    title: "no Felix among the targets",
    alert: "CalicoMetricsMissing",
    at: 20,
    series: { 'up{job="node-exporter"}': "1x20" },
    fires: [{ labels: { job: "felix-metrics" }, summary: "Prometheus scrapes no calico-node at all." }],
  },
  quiet("a Felix that is a target, and down", "CalicoMetricsMissing", 20, { [felix("up")]: "0x20" }),
  {
    title: "a dataplane that fails once a minute",
    alert: "CalicoDataplaneFailures",
    at: 25,
    series: { [failures]: "0+1x30" },
    fires: [
      {
        labels: felixLabels,
        summary: "Felix on ip-10-40-0-4 repeatedly fails to program the dataplane.",
      },
    ],
  },
  quiet("a dataplane that failed four times at once", "CalicoDataplaneFailures", 25, {
    [failures]: "0x5 4x30",
  }),
  {
    title: "every Typha down",
    alert: "CalicoTyphaDown",
    at: 10,
    series: { 'up{job="calico-typha-metrics",node="ip-10-40-0-4"}': "0x10" },
    fires: [{ labels: {}, summary: "No Typha answers Prometheus." }],
  },
  quiet("one of two Typhas down", "CalicoTyphaDown", 10, {
    'up{job="calico-typha-metrics",node="ip-10-40-0-4"}': "0x10",
    'up{job="calico-typha-metrics",node="ip-10-40-0-5"}': "1x10",
  }),
  {
    title: "kube-proxy that was restored manually",
    alert: "KubeProxyBack",
    at: 15,
    series: { [desired]: "0x2 2x15" },
    fires: [
      {
        labels: { namespace: "kube-system", daemonset: "kube-proxy" },
        summary: "Nodes on which kube-proxy should run: 2.",
      },
    ],
  },
  quiet("kube-proxy that is parked", "KubeProxyBack", 15, { [desired]: "0x15" }),
];

/** On iptables, which needs kube-proxy. */
export const iptablesCases: readonly Titled[] = [
  {
    title: "kube-proxy missing on a node",
    alert: "KubeProxyMissing",
    at: 15,
    series: { [daemonSet("number_unavailable", "kube-system", "kube-proxy")]: "1x15" },
    fires: [
      {
        labels: { namespace: "kube-system", daemonset: "kube-proxy" },
        summary: "Nodes on which kube-proxy does not run: 1.",
      },
    ],
  },
  quiet("kube-proxy on every node", "KubeProxyMissing", 15, {
    [daemonSet("number_unavailable", "kube-system", "kube-proxy")]: "0x15",
  }),
];
