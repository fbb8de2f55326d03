import { defaultTyphaMetricsPort } from "../facts/hostPorts.ts";
import type { Settings } from "../settings/settings.ts";
import type { Problem } from "../values/problem.ts";

/** Port of Typha's metrics; null: none. */
export function typhaMetricsPort({
  observability: { prometheus, typhaMetricsPort: asked },
}: Pick<Settings, "observability">): number | null {
  if (asked !== undefined) return asked;
  return prometheus === "Operator" ? defaultTyphaMetricsPort : null;
}

/** Rules on metrics, alerts and flows. */
export function observabilityProblems(settings: Settings): Problem[] {
  return [...nothingToScrape(settings), ...flowProblems(settings)];
}

function nothingToScrape({ calico, observability }: Settings): Problem[] {
  if (observability.prometheus === "None" || calico.metricsPort !== null) return [];
  return [
    {
      path: "calico.metricsPort",
      found: "null leaves nothing for Prometheus to read",
      needs: "observability.prometheus is Operator",
      fix: "Set a port, such as 9091, or observability.prometheus: None",
    },
  ];
}

/** The operator gives Goldmane a policy of projectcalico.org/v3 (tigera/operator pkg/render/goldmane/component.go). */
function flowProblems({ calico, observability }: Settings): Problem[] {
  if (!observability.flows || calico.apiServer) return [];
  return [
    {
      path: "observability.flows",
      found: "Goldmane and Whisker cannot be installed without projectcalico.org/v3",
      needs: "calico.apiServer is false",
      fix: "Set calico.apiServer: true, or flows: false",
    },
  ];
}
