import { webhookPorts } from "../facts/webhookPorts.ts";
import type { Settings } from "../settings/settings.ts";
import { chartImage } from "./helmChart.ts";

/** Values of metrics-server's chart. One pod, which leaves its port before the next one takes it, also on a single node. */
export function metricsServerValues(settings: Pick<Settings, "charts">) {
  const [containerPort] = webhookPorts["metrics-server"].ports;
  return {
    image: { repository: chartImage(settings, "metrics-server") },
    hostNetwork: { enabled: true },
    containerPort,
    replicas: 1,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  };
}
