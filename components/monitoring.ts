import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { metricsJobs } from "./facts/metrics.ts";
import {
  type AlertSettings,
  alertRules,
  felixServiceLabels,
  felixServiceSpec,
  scrapes,
  serviceMonitorSpec,
  typhaMetricsPort,
} from "./specs/monitoring.ts";

export interface MonitoringArgs {
  /** The settings that decide what is scraped and which alerts exist. Plain. */
  readonly settings: AlertSettings;
  /** Port of Felix's metrics on every node. */
  readonly felixPort: number;
  /** Calico in operation: its namespace, and Typha's Service, which the operator creates. */
  readonly after: pulumi.Resource[];
}

const monitoringApi = "monitoring.coreos.com/v1";

/** Namespace of what is scraped. By default a ServiceMonitor finds Services in its own namespace. */
const namespace = "calico-system";

/** Scrape objects and alert rules for a Prometheus operator in the cluster. */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Monitoring", name, {}, opts);
    const { settings, felixPort, after } = args;
    const { labels: requested } = settings.observability;
    // No empty mapping: the API server drops it, and every preview would show it again.
    const labels = Object.keys(requested).length === 0 ? {} : { labels: { ...requested } };
    const child = { parent: this, dependsOn: after };

    new kubernetes.core.v1.Service(
      metricsJobs.felix,
      {
        metadata: { name: metricsJobs.felix, namespace, labels: { ...felixServiceLabels } },
        spec: felixServiceSpec(felixPort),
      },
      child,
    );
    for (const scrape of scrapes(typhaMetricsPort(settings))) {
      new kubernetes.apiextensions.CustomResource(
        scrape.service,
        {
          apiVersion: monitoringApi,
          kind: "ServiceMonitor",
          metadata: { name: scrape.service, namespace, ...labels },
          spec: serviceMonitorSpec(scrape),
        },
        child,
      );
    }
    new kubernetes.apiextensions.CustomResource(
      "alerts",
      {
        apiVersion: monitoringApi,
        kind: "PrometheusRule",
        metadata: { name: "calico-ebpf-eks", namespace, ...labels },
        spec: { groups: [{ name: "calico-ebpf-eks", rules: alertRules(settings) }] },
      },
      child,
    );
  }
}
