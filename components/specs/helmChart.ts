import { charts } from "../facts/charts.ts";
import type { Settings } from "../settings/settings.ts";

/** A chart of one version, and where it comes from. */
export interface ChartRelease {
  readonly chart: string;
  /** `https://` address of a Helm repository, or `oci://` address of the folder that holds the chart. */
  readonly repository: string;
  readonly version: string;
}

/** A chart of `facts/charts.ts` at its pinned version, from the stack's own repository when it names one. */
export function pinnedChart(
  { charts: { repository } }: Pick<Settings, "charts">,
  chart: keyof typeof charts,
) {
  const pinned = charts[chart];
  return { chart, repository: repository ?? pinned.repository, version: pinned.version };
}

/** Image of a chart's workload without tag, from the stack's mirror when it names one. */
export function chartImage(
  { charts: { registry } }: Pick<Settings, "charts">,
  chart: keyof typeof charts,
): string {
  const { image } = charts[chart];
  return `${registry ?? image.registry}/${image.repository}`;
}

/** Where a Helm chart comes from, as `helm.v4.Chart` takes it: an OCI address names the chart itself. */
export function chartSource({ repository, chart }: Pick<ChartRelease, "chart" | "repository">) {
  return repository.startsWith("oci://")
    ? { chart: `${repository.replace(/\/$/, "")}/${chart}` }
    : { chart, repositoryOpts: { repo: repository } };
}
