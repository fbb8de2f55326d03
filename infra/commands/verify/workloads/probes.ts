import type { Finding, Live } from "../check.ts";
import { ClusterError } from "../cluster/clusterError.ts";
import type { ExecResult } from "../cluster/exec.ts";
import { oncePerRun } from "../once.ts";
import { type LiveNode, nodes } from "../reading/nodes.ts";
import { openLive } from "../session.ts";
import { imageAt, workloadImages } from "./images.ts";
import { type RunningPod, Workloads } from "./workloads.ts";

/** Nodes that get a pod. More would prove no more, and a large cluster is not to be flooded. */
const maxProbes = 6;

/** Port of each probe's server. */
export const probePort = 8080;

/** Label of all probes. */
export const probeLabel = { app: "probe" } as const;

/** Pods of our own on some nodes, each of which asks and answers. */
export interface Probes {
  readonly workloads: Workloads;
  readonly pods: readonly RunningPod[];
  /** The nodes that they are on, in the same order. */
  readonly nodes: readonly LiveNode[];
  /** Of each node whose pod does not run. */
  readonly missing: readonly Finding[];
}

const opened = new WeakMap<Live, Workloads>();

/** Starts the probes when the first check asks for them. */
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
    const evidence = `the pod that was to ask from there does not run: ${why}`;
    return { ...(node === undefined ? {} : { node }), verdict: "unknown", evidence };
  });
  const byName = new Map(chosen.map((node) => [node.name, node]));
  return { workloads, pods, nodes: pods.flatMap(({ node }) => byName.get(node) ?? []), missing };
});

/** Removes what the checks of a run have made, also after the run was cut off. */
export async function removeProbes(live: Live): Promise<void> {
  const workloads = opened.get(live);
  if (workloads === undefined) return;
  // The signal of the run, which may have ended it, must not end this.
  const { cluster } = openLive(live.target, 4, new AbortController().signal);
  try {
    await workloads.remove(cluster);
  } finally {
    cluster.close();
  }
}

/** Runs a shell script in a probe. It has to end with 0: what it found, it prints. */
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

/** So many of a list, evenly spread over it: neighbours in it are mostly of one pool and zone. */
export function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T);
}
