import type { Cluster } from "./cluster/cluster.ts";

/** Time between two words about a server that does not answer. */
const wordMilliseconds = 5000;

/**
 * Makes sure that there is an API server, and says every few seconds that it is being waited for.
 * @param complain gets a line at a time
 * @returns its Kubernetes version; undefined: it does not say
 * @throws ClusterError when there is no answer in time, or not the answer of an API server
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
