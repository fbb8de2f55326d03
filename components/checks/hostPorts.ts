import { hostPorts, nodePortRange } from "../facts/hostPorts.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";
import { typhaMetricsPort } from "./observability.ts";

/** A port of the node's network that a setting decides. */
interface OwnPort {
  readonly path: string;
  /** Who listens. */
  readonly what: string;
  readonly port: number;
  readonly fix: string;
}

/** Rules on ports of the nodes: everything with the host's network shares them. */
export function hostPortProblems(settings: Settings): Problem[] {
  const ports = ownPorts(settings);
  return ports.flatMap((own, index) => [
    ...taken(own, lookUp<string>(hostPorts, String(own.port))),
    ...inNodePortRange(own),
    ...ports
      .slice(0, index)
      .filter(({ port }) => port === own.port)
      .flatMap((other) => taken(own, `${other.what} (${other.path})`)),
  ]);
}

function ownPorts(settings: Settings): OwnPort[] {
  const { metricsPort, felix } = settings.calico;
  const typha = typhaMetricsPort(settings);
  const debugPort = felix["debugPort"];
  const orNull = "Set another port, or null";
  return [
    ...(metricsPort === null
      ? []
      : [{ path: "calico.metricsPort", what: "Felix's metrics", port: metricsPort, fix: orNull }]),
    ...(typeof debugPort === "number"
      ? [
          {
            path: "calico.felix.debugPort",
            what: "Felix's profiler",
            port: debugPort,
            fix: "Set another port, or remove it",
          },
        ]
      : []),
    ...(typha === null
      ? []
      : [{ path: "observability.typhaMetricsPort", what: "Typha's metrics", port: typha, fix: orNull }]),
  ];
}

function taken({ path, port, fix }: OwnPort, holder: string | undefined): Problem[] {
  if (holder === undefined) return [];
  return [{ path, found: `port ${port} is taken by ${holder}`, needs: "they share the node's network", fix }];
}

/** Under eBPF a packet to such a port is the service's that has it, or is dropped. */
function inNodePortRange({ path, port, fix }: OwnPort): Problem[] {
  const { first, last } = nodePortRange;
  if (port < first || port > last) return [];
  return [
    {
      path,
      found: `port ${port} is one of NodePort services`,
      needs: `Kubernetes gives them ${first} to ${last}, and may give one this port`,
      fix,
    },
  ];
}
