import { hostPorts } from "../facts/ports.ts";
import type { Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import type { Problem } from "../values/problem.ts";
import { typhaMetricsPort } from "./hostPorts.ts";

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
    return [...taken(path, entry, listeners), ...repeated(path, entry, fromControlPlane.slice(0, index))];
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

function taken(path: string, { port }: Entry, listeners: Readonly<Record<string, string>>): Problem[] {
  if (port === undefined) return [];
  const open = lookUp(alwaysOpen, String(port));
  if (open !== undefined) {
    return [
      {
        path,
        found: `port ${port} is open already`,
        needs: `every stack opens it for ${open}`,
        fix: "Remove it",
      },
    ];
  }
  const listener = lookUp(listeners, String(port));
  if (listener === undefined) return [];
  return [
    {
      path,
      found: `${port} is the port of ${listener}`,
      needs: "nothing else can listen there on the host network",
      fix: "Give the webhook another port, and write that",
    },
  ];
}

function repeated(path: string, entry: Entry, earlier: readonly Entry[]): Problem[] {
  const isSame = (other: Entry) =>
    entry.for === undefined ? other.port === entry.port : other.for === entry.for;
  if (!earlier.some(isSame)) return [];
  return [
    {
      path,
      found: `${entry.for ?? `port ${entry.port}`} is listed twice`,
      needs: "a port is opened once",
      fix: "Remove one",
    },
  ];
}
