import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings/settings.ts";
import {
  type ChartRelease,
  chartSource,
  controllerName,
  controllerNamespace,
  controllerValues,
  metricsServerValues,
  pinnedChart,
} from "./specs/charts.ts";

export interface HelmChartArgs {
  /** Chart, repository and pinned version. */
  readonly release: ChartRelease;
  /** Namespace of the release; it must exist. */
  readonly namespace: string;
  /** Values that differ from the chart's defaults. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Submit the objects without waiting until they work. Default: false. */
  readonly skipAwait?: boolean;
}

/** A chart of one pinned version, rendered to objects that the engine owns one by one: hooks of the chart do not run. */
export class HelmChart extends kubernetes.helm.v4.Chart {
  constructor(name: string, args: HelmChartArgs, opts?: pulumi.ComponentResourceOptions) {
    const { release, namespace, values, skipAwait } = args;
    super(
      name,
      {
        ...chartSource(release),
        version: release.version,
        namespace,
        values,
        ...(skipAwait === undefined ? {} : { skipAwait }),
      },
      opts,
    );
  }
}

export interface MetricsServerArgs {
  /** Mirrors of charts and images. Plain. */
  readonly settings: Pick<Settings, "charts">;
  /** Calico and DNS at work. */
  readonly after: pulumi.Resource[];
}

/**
 * metrics-server on the host network, where the control plane reaches it: EKS's own add-on has no value for its port
 * (aws/containers-roadmap#2589), so that this is the project's chart.
 */
export class MetricsServer extends pulumi.ComponentResource {
  constructor(name: string, { settings, after }: MetricsServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:MetricsServer", name, {}, opts);
    new HelmChart(
      name,
      {
        release: pinnedChart(settings, "metrics-server"),
        namespace: "kube-system",
        values: metricsServerValues(settings),
      },
      { parent: this, dependsOn: after },
    );
  }
}

export interface LoadBalancerControllerArgs {
  readonly settings: Settings;
  readonly vpcId: pulumi.Input<string>;
  /** Must exist before its pods: a network that works, DNS, and their credentials. */
  readonly after: pulumi.Input<pulumi.Resource>[];
}

/** The AWS Load Balancer Controller: makes load balancers for Services and Ingresses, with nodes as their targets. */
export class LoadBalancerController extends pulumi.ComponentResource {
  constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:LoadBalancerController", name, {}, opts);
    const { settings, vpcId, after } = args;
    new HelmChart(
      name,
      {
        release: pinnedChart(settings, controllerName),
        namespace: controllerNamespace,
        values: controllerValues(settings, vpcId),
      },
      { parent: this, dependsOn: after },
    );
  }
}
