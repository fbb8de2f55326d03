import { metricsJobs } from "../facts/metrics.ts";

/** How a Prometheus operator is told which Service to read. */
export interface Scrape {
  /** Name of the Service, and of its port. */
  readonly service: string;
  /** Label of the Service. */
  readonly matchLabels: Readonly<Record<string, string>>;
}

/** Label by which the Service of Felix's metrics is found. */
export const felixServiceLabels = { "app.kubernetes.io/name": metricsJobs.felix } as const;

/** What is read of Felix, and of Typha where it shows anything. The operator labels Typha's Service with its name. */
export function scrapes(typhaPort: number | null): Scrape[] {
  return [
    { service: metricsJobs.felix, matchLabels: { ...felixServiceLabels } },
    ...(typhaPort === null
      ? []
      : [{ service: metricsJobs.typha, matchLabels: { "k8s-app": metricsJobs.typha } }]),
  ];
}

/** Spec of a Service with which Prometheus finds Felix on every node. It balances nothing, so it has no address. */
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
