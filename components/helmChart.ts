import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type ChartRelease, chartSource } from "./specs/helmChart.ts";

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
