import { webhookPorts } from "../facts/webhookPorts.ts";
import type { Settings } from "../settings/settings.ts";

/** A TCP port of the nodes that the control plane may reach, and why: description of its rule. */
export interface ControlPlanePort {
  readonly port: number;
  readonly why: string;
}

/** Ports that the settings open to the control plane, each once, by number; who share one share its description. */
export function controlPlanePorts(settings: Settings): ControlPlanePort[] {
  const requested = settings.nodeFirewall.fromControlPlane.flatMap(({ for: name, port, reason }) => [
    ...(name === undefined ? [] : knownPorts(name)),
    ...(port === undefined || reason === undefined ? [] : [{ port, why: reason }]),
  ]);
  return [...Map.groupBy([...requested, ...impliedPorts(settings)], ({ port }) => port)]
    .toSorted(([one], [other]) => one - other)
    .map(([port, rows]) => ({ port, why: joined(rows.map(({ why }) => why)) }));
}

function knownPorts(name: keyof typeof webhookPorts): ControlPlanePort[] {
  const { ports, why } = webhookPorts[name];
  return ports.map((port) => ({ port, why }));
}

/** Of what other settings install. */
function impliedPorts({ loadBalancers, metrics }: Settings): ControlPlanePort[] {
  return [
    ...(loadBalancers ? knownPorts("aws-load-balancer-controller") : []),
    ...(metrics ? knownPorts("metrics-server") : []),
  ];
}

/** Most characters of a rule's description. Source: EC2 API reference, IpRange. */
const longestDescription = 255;

function joined(reasons: readonly string[]): string {
  return [...new Set(reasons)].join("; ").slice(0, longestDescription);
}
