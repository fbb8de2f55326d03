import { setTimeout as sleep } from "node:timers/promises";
import type { Finding, Live } from "../check.ts";
import { ClusterError } from "../cluster/clusterError.ts";
import { oncePerRun } from "../once.ts";
import type { LiveNode } from "../reading/nodes.ts";
import { askProbe, probeLabel, probePort, probes } from "./probes.ts";
import type { RunningPod } from "./workloads.ts";

/** Port of the services in front of the probes. */
export const servicePort = 80;

/** What came of a command in a probe. */
export interface Asked {
  readonly ok: boolean;
  /** What it printed last, on one line. */
  readonly text: string;
  /** How often it was tried. */
  readonly tries: number;
}

/** A service in front of all probes. */
export const sharedService = oncePerRun(async (live) => {
  const { workloads } = await probes(live);
  return workloads.addService({
    name: "all-probes",
    selector: probeLabel,
    port: servicePort,
    targetPort: probePort,
  });
});

/** A NodePort service with the first probe alone behind it: every other node is without a backend. */
export const oneBackend = oncePerRun(async (live) => {
  const { workloads, pods, nodes } = await probes(live);
  const [pod, node] = [pods[0], nodes[0]];
  if (pod === undefined || node === undefined) throw new ClusterError(0, "no node takes a pod");
  const service = await workloads.addService({
    name: "one-backend",
    selector: { pod: pod.name },
    port: servicePort,
    targetPort: probePort,
    type: "NodePort",
  });
  return { ...service, pod, node, others: nodes.slice(1) };
});

/** Looks from each probe; of a node whose probe does not run, nothing is known. */
export async function fromEachProbe(
  live: Live,
  look: (probe: RunningPod, all: readonly RunningPod[]) => Promise<Omit<Finding, "node">>,
): Promise<Finding[]> {
  const { pods, missing } = await probes(live);
  const found = pods.map(async (probe) => ({ node: probe.node, ...(await look(probe, pods)) }));
  return [...(await Promise.all(found)), ...missing];
}

/** Runs a command in a probe until it succeeds, a second apart: what was made a moment ago takes a moment to be known. */
export async function insist(live: Live, probe: RunningPod, command: string, tries: number): Promise<Asked> {
  const script = `n=0; while :; do n=$((n+1)); out=$(${command} 2>&1); code=$?; [ $code = 0 ] && break; [ $n -ge ${tries} ] && break; sleep 1; done; printf '%s %s\\n%s' $code $n "$out"`;
  const { stdout } = await askProbe(live, probe, script);
  const [head = "", ...lines] = stdout.split("\n");
  const [code, count] = head.split(" ").map(Number);
  return { ok: code === 0, tries: count ?? 0, text: lines.join(" ").replace(/\s+/g, " ").trim() };
}

/** Asks a NodePort of a node from outside of the cluster: the control plane does, whose address no node has. */
export async function fromOutside(live: Live, node: LiveNode, port: number, path: string): Promise<Asked> {
  const tries = 4;
  for (let count = 1; ; count++) {
    try {
      return { ok: true, tries: count, text: (await live.cluster.throughNode(node.name, port, path)).trim() };
    } catch (error) {
      const { status, message } = error as Partial<ClusterError>;
      // No permission, no node: that says nothing of the port.
      if (!(error instanceof ClusterError) || status === 401 || status === 403 || status === 404) throw error;
      if (count === tries) return { ok: false, tries, text: message ?? "" };
      await sleep(1000, undefined, { signal: live.signal });
    }
  }
}
