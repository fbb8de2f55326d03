import { type Check, type Finding, type Live, oncePerRun } from "../check.ts";
import { type LiveService, services } from "../reading/objects.ts";
import { type NodeProbe, probes } from "../reading/probes.ts";
import { isToBeBpf } from "./ebpfMode.ts";

/** Newer services may not have reached the nodes yet. */
const settledSeconds = 10;

/** Maximum number of missing frontends named in a line. */
const mostNamed = 3;

/** Felix leaves such a service to another proxy, as kube-proxy does. */
const otherProxyLabel = "service.kubernetes.io/service-proxy-name";

interface Frontend {
  /** `172.20.0.1:443/tcp` */
  readonly key: string;
  readonly service: LiveService;
}

/** Whether every node knows every service. */
export const serviceTable: Check = {
  name: "service-table",
  title: "every node's eBPF service table has every service",
  source: "calico-node -bpf nat dump (projectcalico/calico felix/cmd/calico-bpf/commands/nat.go)",
  meaning: "Connections from that node, or through it, to the missing services fail.",
  cure: "Look in calico-node's log there for errors, and restart it. If the table is empty everywhere, Felix does not reach the API server: see endpoint-answers.",
  needs: ["read", "exec"],
  appliesTo: isToBeBpf,
  async run(live) {
    const [seen, wanted] = await Promise.all([probes(live), frontends(live)]);
    const findings = seen.map(async (probed): Promise<Finding> => {
      const { name: node } = probed.node;
      if ("error" in probed) return { node, verdict: "unknown", evidence: probed.error };
      return { node, ...(await findingOf(live, probed.probe, wanted)) };
    });
    return Promise.all(findings);
  },
};

const frontends = oncePerRun(async (live): Promise<Frontend[]> => {
  const youngest = new Date(Date.now() - settledSeconds * 1000).toISOString();
  const settled = (await services(live)).filter(
    ({ createdAt, labels }) => createdAt < youngest && !(otherProxyLabel in labels),
  );
  return settled.flatMap((service) =>
    service.clusterIp === undefined
      ? []
      : service.ports
          // Calico's eBPF has no SCTP.
          .filter(({ protocol }) => protocol !== "sctp")
          .map(({ port, protocol }) => ({ key: `${service.clusterIp}:${port}/${protocol}`, service })),
  );
});

/** Whether a service that existed when the run started still exists. */
const stillThere = oncePerRun(async ({ cluster }) => {
  const known = new Map<string, Promise<boolean>>();
  return ({ namespace, name }: LiveService) => {
    const path = `/api/v1/namespaces/${namespace}/services/${name}`;
    const answer = known.get(path) ?? cluster.get(path).then((one) => one !== undefined);
    known.set(path, answer);
    return answer;
  };
});

async function findingOf(
  live: Live,
  { frontends: present, tableError }: NodeProbe,
  wanted: readonly Frontend[],
): Promise<Omit<Finding, "node">> {
  if (present.size === 0) {
    const why = tableError === "" ? "" : `: ${tableError}`;
    return { verdict: "failed", evidence: `the service table is empty${why}` };
  }
  const missing = wanted.filter(({ key }) => !present.has(key));
  const isThere = await stillThere(live);
  const first = missing.slice(0, mostNamed);
  const named = (
    await Promise.all(first.map(async (one) => ((await isThere(one.service)) ? [one] : [])))
  ).flat();
  if (named.length === 0) {
    return {
      verdict: "passed",
      evidence: `${wanted.length - missing.length} service ports are in the table`,
    };
  }
  const names = named.map(({ key, service }) => `${service.namespace}/${service.name} ${key}`).join(", ");
  const evidence = `${missing.length} of ${wanted.length} service ports are not in the table: ${names}`;
  return { verdict: "failed", evidence: missing.length > named.length ? `${evidence} …` : evidence };
}
