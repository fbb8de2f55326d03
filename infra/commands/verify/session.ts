import { KubeConfig } from "@kubernetes/client-node";
import { Ec2, identityOf } from "../../ec2.ts";
import { Cluster } from "../../kubernetes/cluster.ts";
import type { Check, Live, Need } from "./check.ts";
import type { Target } from "./target.ts";

/** Opens a session with a cluster. The caller closes it. */
export function openLive(
  target: Target,
  concurrency: number,
  signal: AbortSignal,
  /** Mirror for the images of the checks' pods. */
  imageRegistry?: string,
  /** A request without an answer is given up after this time. Default: as in Transport. */
  timeoutMilliseconds?: number,
): Live {
  const config = new KubeConfig();
  config.loadFromString(target.kubeconfig);
  config.makePathsAbsolute(target.folder);
  return {
    cluster: new Cluster(config, {
      concurrency,
      signal,
      timeoutAdvice: "--timeout raises the limit",
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    }),
    target,
    ec2: new Ec2(identityOf(config)),
    signal,
    imageRegistry,
  };
}

/** Time between two messages about a server that does not answer. */
const wordMilliseconds = 5000;

/**
 * Waits for the API server, with a message every few seconds.
 * @param complain receives a line at a time
 * @returns its Kubernetes version; undefined: not reported
 * @throws ClusterError when there is no answer in time, or not from an API server
 */
export async function versionOf(
  cluster: Cluster,
  complain: (line: string) => void,
  everyMilliseconds = wordMilliseconds,
): Promise<string | undefined> {
  const began = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - began) / 1000);
    complain(
      `waiting for ${cluster.server}: no answer for ${seconds} s, given up after ${cluster.timeoutSeconds} s (--timeout)`,
    );
  }, everyMilliseconds);
  try {
    const version = await cluster.get<{ readonly gitVersion?: unknown }>("/version");
    return typeof version?.gitVersion === "string" ? version.gitVersion : undefined;
  } finally {
    clearInterval(timer);
  }
}

interface Right {
  readonly need: Need;
  /** The permission, in words. */
  readonly words: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the checks do in a cluster besides reading single objects. */
const rights: readonly Right[] = [
  { need: "read", words: "list nodes", attributes: { verb: "list", resource: "nodes" } },
  { need: "read", words: "list pods", attributes: { verb: "list", resource: "pods" } },
  {
    need: "exec",
    words: "create pods/exec in calico-system",
    attributes: { verb: "create", resource: "pods", subresource: "exec", namespace: "calico-system" },
  },
  {
    need: "logs",
    words: "get pods/log in calico-system",
    attributes: { verb: "get", resource: "pods", subresource: "log", namespace: "calico-system" },
  },
  {
    need: "workloads",
    words: "create namespaces",
    attributes: { verb: "create", resource: "namespaces" },
  },
  {
    need: "node-proxy",
    words: "get nodes/proxy",
    attributes: { verb: "get", resource: "nodes", subresource: "proxy" },
  },
];

/** Missing permissions and the checks that need them; a line each. */
export async function lostChecks(cluster: Cluster, checks: readonly Check[]): Promise<string[]> {
  const needed = rights.filter(({ need }) => checks.some(({ needs }) => needs.includes(need)));
  const lines = await Promise.all(
    needed.map(async ({ need, words, attributes }) => {
      if (await cluster.allows(attributes)) return [];
      const lost = checks.filter(({ needs }) => needs.includes(need)).map(({ name }) => name);
      return [`This account may not ${words}, which these checks need: ${lost.join(", ")}.`];
    }),
  );
  return lines.flat();
}
