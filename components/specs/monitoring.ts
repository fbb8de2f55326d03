import { defaultConntrackSize, metrics, metricsJobs } from "../facts/metrics.ts";
import { defaultTyphaMetricsPort } from "../facts/ports.ts";
import type { Settings } from "../settings/settings.ts";

/** Port of Typha's metrics; null: none. */
export function typhaMetricsPort({
  observability: { prometheus, typhaMetricsPort: requested },
}: Pick<Settings, "observability">): number | null {
  if (requested !== undefined) return requested;
  return prometheus === "Operator" ? defaultTyphaMetricsPort : null;
}

/** How a Prometheus operator finds the Service to scrape. */
export interface Scrape {
  /** Name of the Service, and of its port. */
  readonly service: string;
  /** Label of the Service. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** Label by which the Service of Felix's metrics is found. */
export const felixServiceLabels = { "app.kubernetes.io/name": metricsJobs.felix } as const;

/** What is scraped from Felix, and from Typha where it has metrics. The operator labels Typha's Service with its name. */
export function scrapes(typhaPort: number | null): Scrape[] {
  return [
    { service: metricsJobs.felix, matchLabels: { ...felixServiceLabels } },
    ...(typhaPort === null
      ? []
      : [{ service: metricsJobs.typha, matchLabels: { "k8s-app": metricsJobs.typha } }]),
  ];
}

/** Spec of a Service with which Prometheus finds Felix on every node. It is headless: it balances nothing. */
export function felixServiceSpec(port: number) {
  return {
    clusterIP: "None",
    selector: { "k8s-app": "calico-node" },
    ports: [{ name: metricsJobs.felix, port, targetPort: port, protocol: "TCP" }],
  };
}

/** Spec of a ServiceMonitor. The job is named like the Service; the node's name becomes a label, for the alerts. */
export function serviceMonitorSpec({ service, matchLabels }: Scrape) {
  return {
    selector: { matchLabels },
    endpoints: [
      {
        port: service,
        relabelings: [{ sourceLabels: ["__meta_kubernetes_pod_node_name"], targetLabel: "node" }],
      },
    ],
  };
}

/** The settings that decide which alerts there are. */
export type AlertSettings = Pick<Settings, "calico" | "kubeProxy" | "observability">;

/** One alert rule, in the words of a PrometheusRule. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: "critical" | "warning" };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

interface Alert {
  readonly name: string;
  readonly expr: string;
  /** Minutes for which the condition must hold. */
  readonly minutes: number;
  readonly severity: AlertRule["labels"]["severity"];
  readonly summary: string;
  readonly description: string;
}

/** Share of the conntrack table from which it counts as nearly full. Felix doubles the table at 0.85 to 0.9 of it. */
const nearlyFull = 0.8;

/** Page that explains every alert under a heading of its name. */
const runbook = "troubleshooting.md";

/** The alerts for a stack: those about eBPF where it is on, and those about kube-proxy in the expected mode. */
export function alertRules(settings: AlertSettings): AlertRule[] {
  const { calico, kubeProxy } = settings;
  const { runbooks = "docs" } = settings.observability;
  const alerts = [
    ...felixAlerts,
    ...(typhaMetricsPort(settings) === null ? [] : [typhaAlert]),
    ...(calico.dataplane === "BPF" ? bpfAlerts(conntrackSize(calico.felix)) : [kubeProxyMissing]),
    ...(kubeProxy === "Running" ? [] : [kubeProxyBack]),
  ];
  return alerts.map(({ name, expr, minutes, severity, summary, description }) => ({
    alert: name,
    expr,
    for: `${minutes}m`,
    labels: { severity },
    annotations: {
      summary,
      description,
      runbook_url: `${runbooks}/${runbook}#${name.toLowerCase()}`,
    },
  }));
}

function conntrackSize({ bpfMapSizeConntrack: requested }: Settings["calico"]["felix"]): number {
  return typeof requested === "number" ? requested : defaultConntrackSize;
}

const felixJob = `job="${metricsJobs.felix}"`;
const node = "{{ $labels.node }}";

function daemonSet(metric: string, namespace: string, name: string): string {
  return `${metric}{namespace="${namespace}",daemonset="${name}"}`;
}

const felixAlerts: readonly Alert[] = [
  {
    name: "CalicoNodeNotReady",
    expr: `${daemonSet(metrics.daemonSetUnavailable, "calico-system", "calico-node")} > 0`,
    minutes: 15,
    severity: "critical",
    summary: "Nodes on which calico-node is not ready: {{ $value }}.",
    description:
      "The node's network keeps its last state; new pods, policies and changed services do not reach it.",
  },
  {
    name: "CalicoFelixDown",
    expr: `${metrics.up}{${felixJob}} == 0`,
    minutes: 5,
    severity: "warning",
    summary: `Felix on ${node} does not answer Prometheus.`,
    description:
      "Either calico-node does not run there, or the port of its metrics is closed between the nodes.",
  },
  {
    name: "CalicoMetricsMissing",
    expr: `absent(${metrics.up}{${felixJob}})`,
    minutes: 15,
    severity: "warning",
    summary: "Prometheus scrapes no calico-node at all.",
    description: "None of the other alerts on Felix can fire until it does.",
  },
  {
    name: "CalicoDataplaneFailures",
    expr: `increase(${metrics.dataplaneFailures}{${felixJob}}[15m]) > 5`,
    minutes: 5,
    severity: "warning",
    summary: `Felix on ${node} repeatedly fails to program the dataplane.`,
    description: "It retries each update. Until one succeeds, policies and services there stay as they were.",
  },
];

const typhaAlert: Alert = {
  name: "CalicoTyphaDown",
  expr: `absent(${metrics.up}{job="${metricsJobs.typha}"} == 1)`,
  minutes: 5,
  severity: "critical",
  summary: "No Typha answers Prometheus.",
  description:
    "Without Typha, calico-node receives no changes: new pods, policies and services stay unknown to every node.",
};

function bpfAlerts(size: number): readonly Alert[] {
  return [
    {
      name: "CalicoEbpfOff",
      expr: `${metrics.endpoints}{${felixJob}} == 0`,
      minutes: 10,
      severity: "critical",
      summary: `eBPF is off on ${node}.`,
      description:
        "Felix runs there but manages nothing with eBPF: it does not support the kernel, or the dataplane was switched. Over VXLAN its pods cannot reach pods on nodes in eBPF mode. Without kube-proxy, services are not served there either.",
    },
    {
      name: "CalicoDirtyEndpoints",
      expr: `${metrics.dirtyEndpoints}{${felixJob}} > 0`,
      minutes: 10,
      severity: "critical",
      summary: `Interfaces on ${node} without their eBPF programs: {{ $value }}.`,
      description:
        "Usually the kernel refused a program. Pods behind these interfaces have no network, or outdated policies.",
    },
    {
      name: "CalicoConntrackNearlyFull",
      expr: `${metrics.conntrackUsed}{${felixJob}} > ${size * nearlyFull}`,
      minutes: 5,
      severity: "warning",
      summary: `The conntrack table of ${node} has {{ $value }} entries of ${size}.`,
      description:
        "When it is full, new connections fail. Felix doubles it beforehand, unless that is turned off.",
    },
  ];
}

const kubeProxyDaemonSet = ["kube-system", "kube-proxy"] as const;

const kubeProxyBack: Alert = {
  name: "KubeProxyBack",
  expr: `${daemonSet(metrics.daemonSetDesired, ...kubeProxyDaemonSet)} > 0`,
  minutes: 10,
  severity: "warning",
  summary: "Nodes on which kube-proxy should run: {{ $value }}.",
  description:
    "The stack keeps it away. Felix and kube-proxy now write and remove the same iptables rules, and both want port 10256.",
};

const kubeProxyMissing: Alert = {
  name: "KubeProxyMissing",
  expr: `${daemonSet(metrics.daemonSetUnavailable, ...kubeProxyDaemonSet)} > 0`,
  minutes: 10,
  severity: "critical",
  summary: "Nodes on which kube-proxy does not run: {{ $value }}.",
  description: "Nothing else serves services there: calico.dataplane is Iptables.",
};
