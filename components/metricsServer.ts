import * as pulumi from "@pulumi/pulumi";
import { HelmChart } from "./helmChart.ts";
import type { Settings } from "./settings/settings.ts";
import { pinnedChart } from "./specs/helmChart.ts";
import { metricsServerValues } from "./specs/metricsServer.ts";

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
