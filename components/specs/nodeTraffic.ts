import { typhaMetricsPort } from "../checks/observability.ts";
import type { Settings } from "../settings/settings.ts";
import type { NodeTraffic } from "./firewall.ts";

/** What the nodes of a stack exchange, and with whom. `vpcCidrs`: every range of the VPC. */
export function nodeTraffic(settings: Settings, vpcCidrs: readonly string[]): NodeTraffic {
  const { encapsulation, podCidr, metricsPort, apiServer } = settings.calico;
  return {
    encapsulation,
    podCidr,
    metricsPort,
    apiServer,
    nodePortClients: settings.nodePorts.clients ?? vpcCidrs,
    typhaMetricsPort: typhaMetricsPort(settings),
  };
}
