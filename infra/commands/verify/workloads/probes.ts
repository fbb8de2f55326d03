import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "../../../kubernetes/errors.ts";
import type { ExecResult } from "../../../kubernetes/exec.ts";
import { type Finding, type Live, oncePerRun } from "../check.ts";
import { type LiveNode, nodes } from "../reading/objects.ts";
import { openLive } from "../session.ts";
import { imageAt, workloadImages } from "./podSpec.ts";
import { type RunningPod, Workloads } from "./workloads.ts";

/** Maximum number of nodes that get a pod. More would prove no more, and would burden a large cluster. */
const maxProbes = 6;

/** Port of each probe's server. */
export const probePort = 8080;

/** Label of all probes. */
export const probeLabel = { app: "probe" } as const;

/** Pods on some nodes, each a client and a server. */
interface Probes {
  readonly workloads: Workloads;
  readonly pods: readonly RunningPod[];
  /** The nodes that they are on, in the same order. */
  readonly nodes: readonly LiveNode[];
  /** A finding for each node whose pod does not run. */
  readonly missing: readonly Finding[];
}

const opened = new WeakMap<Live, Workloads>();

/** Starts the probes when the first check needs them. */
export const probes = oncePerRun(async (live): Promise<Probes> => {
  const workloads = new Workloads(live.cluster, { purpose: "verify" });
  opened.set(live, workloads);
  await workloads.open();
  const chosen = spread(
    (await nodes(live)).filter(({ ready, operatingSystem }) => ready && operatingSystem === "linux"),
    maxProbes,
  );
  const image = imageAt(workloadImages.agnhost, live.imageRegistry);
  await Promise.all(
    chosen.map(({ name }, at) =>
      workloads.addPod({
        name: `probe-${at}`,
        node: name,
        image,
        args: ["netexec", `--http-port=${probePort}`],
        readyPort: probePort,
        labels: probeLabel,
      }),
    ),
  );
  const { running, waiting } = await workloads.settled();
  const pods = running.toSorted((a, b) => a.name.localeCompare(b.name));
  const missing = waiting.map(({ name, why }): Finding => {
    const node = chosen[Number(name.split("-")[1])]?.name;
    const evidence = `the probe pod there does not run: ${why}`;
    return { ...(node === undefined ? {} : { node }), verdict: "unknown", evidence };
  });
  const byName = new Map(chosen.map((node) => [node.name, node]));
  return { workloads, pods, nodes: pods.flatMap(({ node }) => byName.get(node) ?? []), missing };
});

/** Removes what the checks of a run have created, also after an interruption. */
export async function removeProbes(live: Live): Promise<void> {
  const workloads = opened.get(live);
  if (workloads === undefined) return;
  // The run's signal, which may be aborted, must not end this.
  const { cluster } = openLive(live.target, 4, new AbortController().signal);
  try {
    await workloads.remove(cluster);
  } finally {
    cluster.close();
  }
}

/** Runs a shell script in a probe. It must end with 0 and print its findings. */
export async function askProbe(live: Live, { name }: RunningPod, script: string): Promise<ExecResult> {
  const { workloads } = await probes(live);
  const command = ["sh", "-c", script];
  const result = await live.cluster.exec({
    namespace: workloads.namespace,
    pod: name,
    container: "main",
    command,
  });
  if (result.exitCode === 0) return result;
  throw new ClusterError(0, `a script in pod ${name} ended with ${result.exitCode}: ${result.stderr}`);
}

/** A number of items evenly spread over a list: neighbours in it are mostly from one pool and zone. */
export function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T);
}

/** Port of the services in front of the probes. */
export const servicePort = 80;

/** Result of a command in a probe. */
interface Answer {
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

/** A NodePort service with only the first probe behind it: every other node is without a backend. */
export const oneBackend = oncePerRun(async (live) => {
  const { workloads, pods, nodes } = await probes(live);
  const [pod, node] = [pods[0], nodes[0]];
  if (pod === undefined || node === undefined) throw new ClusterError(0, "no node accepts a pod");
  const service = await workloads.addService({
    name: "one-backend",
    selector: { pod: pod.name },
    port: servicePort,
    targetPort: probePort,
    type: "NodePort",
  });
  return { ...service, pod, node, others: nodes.slice(1) };
});

/** Runs a check from each probe; unknown for a node whose probe does not run. */
export async function fromEachProbe(
  live: Live,
  look: (probe: RunningPod, all: readonly RunningPod[]) => Promise<Omit<Finding, "node">>,
): Promise<Finding[]> {
  const { pods, missing } = await probes(live);
  const found = pods.map(async (probe) => ({ node: probe.node, ...(await look(probe, pods)) }));
  return [...(await Promise.all(found)), ...missing];
}

/** After this many seconds no further attempt begins: what is lost takes its time, and a command in a pod gets 30 s. */
const lastAttemptSeconds = 12;

/** Runs a command in a probe until it succeeds, a second apart: new objects take a moment to become effective. */
export async function insist(live: Live, probe: RunningPod, command: string, tries: number): Promise<Answer> {
  const script = `s=$(date +%s); n=0; while :; do n=$((n+1)); out=$(${command} 2>&1); code=$?; [ $code = 0 ] && break; [ $n -ge ${tries} ] && break; [ $(($(date +%s)-s)) -ge ${lastAttemptSeconds} ] && break; sleep 1; done; printf '%s %s\\n%s' $code $n "$out"`;
  const { stdout } = await askProbe(live, probe, script);
  const [head = "", ...lines] = stdout.split("\n");
  const [code, count] = head.split(" ").map(Number);
  return { ok: code === 0, tries: count ?? 0, text: lines.join(" ").replace(/\s+/g, " ").trim() };
}

/** Requests a NodePort of a node from outside the cluster: from the control plane, whose address no node has. */
export async function fromOutside(live: Live, node: LiveNode, port: number, path: string): Promise<Answer> {
  const [tries, began] = [4, performance.now()];
  for (let count = 1; ; count++) {
    try {
      return { ok: true, tries: count, text: (await live.cluster.throughNode(node.name, port, path)).trim() };
    } catch (error) {
      const { status, message } = error as Partial<ClusterError>;
      // No permission or no node: says nothing about the port.
      if (!(error instanceof ClusterError) || status === 401 || status === 403 || status === 404) throw error;
      const isLast = count === tries || performance.now() - began > lastAttemptSeconds * 1000;
      if (isLast) return { ok: false, tries: count, text: message ?? "" };
      await sleep(1000, undefined, { signal: live.signal });
    }
  }
}
