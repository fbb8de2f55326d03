import { charts } from "../facts/charts.ts";
import type { Settings } from "../settings/settings.ts";

/** A chart of one version, and its source. */
export interface ChartRelease {
  readonly chart: string;
  /** `https://` address of a Helm repository, or `oci://` address of the folder that holds the chart. */
  readonly repository: string;
  readonly version: string;
}

/** A chart of `facts/charts.ts` at its pinned version, from the stack's mirror when it is set. */
export function pinnedChart(
  { charts: { repository } }: Pick<Settings, "charts">,
  chart: keyof typeof charts,
) {
  const pinned = charts[chart];
  return { chart, repository: repository ?? pinned.repository, version: pinned.version };
}

/** Image of a chart's workload without tag, from the stack's mirror when it is set. */
export function chartImage(
  { charts: { registry } }: Pick<Settings, "charts">,
  chart: keyof typeof charts,
): string {
  const { image } = charts[chart];
  return `${registry ?? image.registry}/${image.repository}`;
}

/** Source of a Helm chart, as `helm.v4.Chart` expects it: an OCI address includes the chart's name. */
export function chartSource({ repository, chart }: Pick<ChartRelease, "chart" | "repository">) {
  return repository.startsWith("oci://")
    ? { chart: `${repository.replace(/\/$/, "")}/${chart}` }
    : { chart, repositoryOpts: { repo: repository } };
}
