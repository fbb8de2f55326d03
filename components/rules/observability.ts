import { defaultTyphaMetricsPort, hostPorts } from "../facts/hostPorts.ts";
import { lookUp } from "./lookUp.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings/settings.ts";

/** Port of Typha's metrics; null: none. */
export function typhaMetricsPort({
  observability: { prometheus, typhaMetricsPort: asked },
}: Pick<Settings, "observability">): number | null {
  if (asked !== undefined) return asked;
  return prometheus === "Operator" ? defaultTyphaMetricsPort : null;
}

/** Rules on metrics, alerts and flows. */
export function observabilityProblems(settings: Settings): Problem[] {
  return [...portProblems(settings), ...nothingToScrape(settings), ...flowProblems(settings)];
}

/** Felix and Typha share the node's network with each other and with everything else there. */
function portProblems(settings: Settings): Problem[] {
  const felix = settings.calico.metricsPort;
  const typha = typhaMetricsPort(settings);
  const paths = { felix: "calico.metricsPort", typha: "observability.typhaMetricsPort" } as const;
  const problem = (path: string, port: number, holder: string): Problem => ({
    path,
    found: `port ${port} is taken by ${holder}`,
    needs: "they share the node's network",
    fix: "Set another port, or null",
  });
  const taken = (path: string, port: number | null) => {
    const holder = port === null ? undefined : lookUp<string>(hostPorts, String(port));
    return port === null || holder === undefined ? [] : [problem(path, port, holder)];
  };
  const each = felix !== null && felix === typha;
  return [
    ...taken(paths.felix, felix),
    ...taken(paths.typha, typha),
    ...(each ? [problem(paths.typha, felix, `Felix's metrics (${paths.felix})`)] : []),
  ];
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
