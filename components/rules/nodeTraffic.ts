import type { NodeTraffic } from "./firewall.ts";
import type { Settings } from "./settings/settings.ts";

/** What the nodes of a stack exchange, and with whom. */
export function nodeTraffic({ calico, nodePorts }: Settings, vpcCidr: string): NodeTraffic {
  const { encapsulation, podCidr, metricsPort, apiServer } = calico;
  return { encapsulation, podCidr, metricsPort, apiServer, nodePortClients: nodePorts.clients ?? [vpcCidr] };
}
