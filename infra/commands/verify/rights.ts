import type { Check, Need } from "./check.ts";
import type { Cluster } from "./cluster/cluster.ts";

interface Right {
  readonly need: Need;
  /** As an account's owner would grant it. */
  readonly words: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the checks do in a cluster beside reading single objects. */
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

/** What this account may not do, and which of the checks that costs; a line each. */
export async function lostChecks(cluster: Cluster, checks: readonly Check[]): Promise<string[]> {
  const needed = rights.filter(({ need }) => checks.some(({ needs }) => needs.includes(need)));
  const lines = await Promise.all(
    needed.map(async ({ need, words, attributes }) => {
      if (await cluster.allows(attributes)) return [];
      const lost = checks.filter(({ needs }) => needs.includes(need)).map(({ name }) => name);
      return [`This account may not ${words}; that costs ${lost.join(", ")}.`];
    }),
  );
  return lines.flat();
}
