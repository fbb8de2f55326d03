import { chartPorts, hostPorts, nodePortRange, vpcCniPorts, webhookPorts } from "../facts/ports.ts";
import type { Settings } from "../settings/settings.ts";
import { typhaMetricsPort } from "../specs/monitoring.ts";
import { usesVpcCni } from "../specs/vpcCni.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Found, Problem } from "../values/problem.ts";

type Entry = Settings["nodeFirewall"]["fromControlPlane"][number];

/** Ports that every stack opens to the control plane. */
const alwaysOpen: Readonly<Record<number, string>> = { 443: "webhooks and aggregated APIs on port 443" };

/** Rules on the ports that are opened to the control plane. */
export function nodeFirewallProblems(settings: Settings): Problem[] {
  const { fromControlPlane } = settings.nodeFirewall;
  const listeners: Readonly<Record<string, string>> = {
    ...hostPorts,
    [String(settings.calico.metricsPort)]: "Felix's metrics",
    [String(typhaMetricsPort(settings))]: "Typha's metrics",
  };
  return fromControlPlane.flatMap((entry, index) => {
    const path = `nodeFirewall.fromControlPlane[${index}]`;
    const form = formProblem(entry);
    if (form !== undefined) return [{ path, ...form }];
    return [taken(path, entry, listeners), repeated(path, entry, fromControlPlane.slice(0, index))].flat();
  });
}

function formProblem({ for: name, port, reason }: Entry): Omit<Problem, "path"> | undefined {
  const needs = "an entry has either for, or port and reason";
  if (name !== undefined && (port !== undefined || reason !== undefined)) {
    return { found: "for is set with port or reason", needs, fix: "Remove for, or the other two" };
  }
  if (name !== undefined || (port !== undefined && reason !== undefined)) return undefined;
  if (port !== undefined) {
    return { found: `port ${port} has no reason`, needs, fix: "Add a reason: what listens there" };
  }
  return {
    found: reason === undefined ? "it is empty" : "there is no port",
    needs,
    fix: "Set for, or port and reason",
  };
}

function taken(path: string, { port }: Entry, listeners: Readonly<Record<string, string>>): Found {
  if (port === undefined) return [];
  const open = lookUp(alwaysOpen, String(port));
  if (open !== undefined) {
    return {
      path,
      found: `port ${port} is open already`,
      needs: `every stack opens it for ${open}`,
      fix: "Remove it",
    };
  }
  const listener = lookUp(listeners, String(port));
  if (listener === undefined) return [];
  return {
    path,
    found: `${port} is the port of ${listener}`,
    needs: "nothing else can listen there on the host network",
    fix: "Give the webhook another port, and write that",
  };
}

function repeated(path: string, entry: Entry, earlier: readonly Entry[]): Found {
  const isSame = (other: Entry) =>
    entry.for === undefined ? other.port === entry.port : other.for === entry.for;
  if (!earlier.some(isSame)) return [];
  return {
    path,
    found: `${entry.for ?? `port ${entry.port}`} is listed twice`,
    needs: "a port is opened once",
    fix: "Remove one",
  };
}

/**
 * A line for each entry whose port another listener has as well. Two pods with one port of the host network need two nodes;
 * pods of the VPC CNI do not use the host network.
 */
export function sharedPortAdvice(settings: Settings): string[] {
  if (usesVpcCni(settings)) return [];
  const { fromControlPlane } = settings.nodeFirewall;
  const entries = fromControlPlane.map(({ for: name, port, reason = "" }, index) => ({
    path: `nodeFirewall.fromControlPlane[${index}]`,
    what: name ?? reason,
    ports: (name === undefined ? [port] : webhookPorts[name].ports) as readonly (number | undefined)[],
  }));
  const ofSettings = (["aws-load-balancer-controller", "metrics-server"] as const)
    .filter((name) => (name === "metrics-server" ? settings.metrics : settings.loadBalancers))
    .map((what) => ({ what, ports: webhookPorts[what].ports as readonly (number | undefined)[] }));
  return entries.flatMap(({ path, what, ports }, index) => {
    const others = [...ofSettings, ...entries.slice(0, index)].filter((other) => other.what !== what);
    return ports.flatMap((port) => {
      const sharing = new Set(others.filter((other) => other.ports.includes(port)).map((one) => one.what));
      if (sharing.size === 0) return [];
      const both = `${what} and ${[...sharing].join(" and ")}`;
      return [
        `${path}: ${both} use TCP ${port} on the host network, so their pods cannot run on the same node. Give one of them another port, listed here with a reason, or make sure that there are nodes for both.`,
      ];
    });
  });
}

/** A port on the node's network that a setting selects. */
interface OwnPort {
  readonly path: string;
  /** What listens. */
  readonly what: string;
  readonly port: number;
  readonly fix: string;
}

/** Rules on the nodes' ports: every pod on the host's network shares them. */
export function hostPortProblems(settings: Settings): Problem[] {
  const ports = ownPorts(settings);
  const holders = usesVpcCni(settings) ? { ...hostPorts, ...vpcCniPorts } : hostPorts;
  return ports.flatMap((own, index) =>
    [
      conflict(own, lookUp<string>(holders, String(own.port))),
      inNodePortRange(own),
      ports
        .slice(0, index)
        .filter(({ port }) => port === own.port)
        .flatMap((other) => conflict(own, `${other.what} (${other.path})`)),
    ].flat(),
  );
}

function ownPorts(settings: Settings): OwnPort[] {
  const { metricsPort, felix } = settings.calico;
  const typha = typhaMetricsPort(settings);
  const { debugPort } = felix;
  const orNull = "Set another port, or null";
  const ports: readonly (Omit<OwnPort, "port"> & { readonly port: unknown })[] = [
    { path: "calico.metricsPort", what: "Felix's metrics", port: metricsPort, fix: orNull },
    {
      path: "calico.felix.debugPort",
      what: "Felix's profiler",
      port: debugPort,
      fix: "Set another port, or remove it",
    },
    ...portsOfCharts(settings),
    { path: "observability.typhaMetricsPort", what: "Typha's metrics", port: typha, fix: orNull },
  ];
  return ports.flatMap(({ port, ...own }) => (typeof port === "number" ? { ...own, port } : []));
}

function portsOfCharts(settings: Settings): OwnPort[] {
  return (["loadBalancers", "metrics"] as const)
    .filter((path) => settings[path])
    .flatMap((path) =>
      Object.entries(chartPorts[path]).map(([port, what]) => ({
        path,
        what,
        port: Number(port),
        fix: `Set another port there, or ${path}: false`,
      })),
    );
}

function conflict({ path, port, fix }: OwnPort, holder: string | undefined): Problem[] {
  if (holder === undefined) return [];
  return [{ path, found: `port ${port} is taken by ${holder}`, needs: "they share the node's network", fix }];
}

/** Under eBPF, a packet to such a port goes to the service that has it, or is dropped. */
function inNodePortRange({ path, port, fix }: OwnPort): Found {
  const { first, last } = nodePortRange;
  if (port < first || port > last) return [];
  return {
    path,
    found: `port ${port} is in the NodePort range`,
    needs: `Kubernetes gives them ${first} to ${last}, and may give one this port`,
    fix,
  };
}

/** Rules on metrics, alerts and flows. */
export function observabilityProblems(settings: Settings): Problem[] {
  return [nothingToScrape(settings), flowProblems(settings)].flat();
}

function nothingToScrape({ calico, observability }: Settings): Found {
  if (observability.prometheus === "None" || calico.metricsPort !== null) return [];
  return {
    path: "calico.metricsPort",
    found: "null leaves Prometheus nothing to scrape",
    needs: "observability.prometheus is Operator",
    fix: "Set a port, such as 9091, or observability.prometheus: None",
  };
}

/** The operator creates a projectcalico.org/v3 policy for Goldmane (tigera/operator pkg/render/goldmane/component.go). */
function flowProblems({ calico, observability }: Settings): Found {
  if (!observability.flows || calico.apiServer) return [];
  return {
    path: "observability.flows",
    found: "Goldmane and Whisker cannot be installed without projectcalico.org/v3",
    needs: "calico.apiServer is false",
    fix: "Set calico.apiServer: true, or flows: false",
  };
}
