import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownEnvironment } from "../../infra/commands/shared/engine/environment.ts";
import { checks } from "../../infra/commands/verify/checks/index.ts";
import type { VerifyData } from "../../infra/commands/verify/reports.ts";
import { startEc2Of } from "../rehearsal/verified/ec2OfWorld.ts";
import { Api } from "../simulator/realKubernetes/api.ts";
import { type ApiAddress, Client } from "../simulator/realKubernetes/client.ts";
import type { RealKubernetes } from "../simulator/realKubernetes/realKubernetes.ts";
import type { World } from "../simulator/world/world.ts";
import { nodeOutput, tableOf } from "../support/nodeOutput.ts";
import { startLargeCluster } from "./largeCluster.ts";
import { type Figure, milliseconds } from "./measure.ts";
import { peakBytesWhile } from "./memory.ts";

/** Pods beside Calico's for each node. */
const podsPerNode = 10;

const podsAtOnce = 16;

/** What one run of `npm run verify` took. */
export interface Look {
  readonly nodes: number;
  readonly seconds: number;
  readonly gib: number;
  /** To the API server and to EC2. */
  readonly requests: number;
}

/** Runs every check that only looks on a cluster, with pods on every node. Each node prints what a real one has printed. */
export async function look(root: string, world: World<RealKubernetes>): Promise<Look> {
  const kubeconfig = world.kubernetes.kubeconfigFile ?? "";
  await addPods(world);
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-bench-"));
  const ec2 = await startEc2Of(world, () => ({}));
  try {
    await play(world, join(folder, "look"));
    const names = checks.filter(({ needs }) => !needs.includes("workloads")).map(({ name }) => name);
    const endpoint = `https://${world.cloud.endpointHost()}`;
    const found = await verify(root, ["--kubeconfig", kubeconfig, "--endpoint", endpoint], names, {
      AWS_ENDPOINT_URL_EC2: ec2.url,
    });
    return { nodes: world.cloud.instances.size, ...found };
  } finally {
    await ec2.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const largeNodes = 1000;

/** How much faster verify is than with sixteen commands at a time, on an API server that takes no time itself. */
export async function largeFigures(root: string): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-bench-"));
  const cluster = await startLargeCluster(largeNodes, folder);
  try {
    const file = join(folder, "kubeconfig.json");
    await writeFile(file, cluster.kubeconfig);
    const words = ["--kubeconfig", file, "--endpoint", cluster.endpoint];
    const now = await verify(root, words, cluster.checks);
    // Four times as many commands as requests are under way.
    const sixteen = await verify(root, [...words, "--concurrency", "4"], cluster.checks);
    return [
      {
        name: `verify of ${largeNodes} nodes ÷ sixteen commands at a time`,
        found: now.seconds / sixteen.seconds,
        limit: 0.6,
        unit: "",
        detail: `${now.seconds.toFixed(1)} s and ${sixteen.seconds.toFixed(1)} s, ${now.requests} requests`,
      },
    ];
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the command in a process of its own. */
async function verify(
  root: string,
  words: readonly string[],
  names: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Omit<Look, "nodes">> {
  const folder = await mkdtemp(join(tmpdir(), "calico-ebpf-eks-bench-"));
  try {
    const json = join(folder, "verify.json");
    const script = join(root, "infra", "commands", "cli.js");
    const child = spawn(
      process.execPath,
      [script, "verify", ...words, "--only", names.join(","), "--json", json],
      {
        env: { ...ownEnvironment(), AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench", ...env },
        stdio: "ignore",
      },
    );
    let peakBytes = 0;
    const took = await milliseconds(async () => {
      peakBytes = await peakBytesWhile(child.pid ?? 0, () => once(child, "exit"));
    });
    const { passed, requests, checks: found }: VerifyData = JSON.parse(await readFile(json, "utf8"));
    if (!passed)
      throw new Error(`the benchmark's own cluster does not pass: ${JSON.stringify(wrong(found))}`);
    return { seconds: took / 1000, gib: peakBytes / 2 ** 30, requests };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets a look into any node print what one into a healthy node of this cluster does. */
async function play({ cloud, kubernetes }: World<RealKubernetes>, file: string): Promise<void> {
  const api = new Api(new Client(addressOf(kubernetes)));
  try {
    const { items } = await api.client.send({ method: "GET", path: "/api/v1/services" });
    const table = tableOf(items);
    await writeFile(file, nodeOutput({ table, endpoint: `${cloud.endpointHost()}:443\n` }));
  } finally {
    api.client.close();
  }
  kubernetes.playback = () => ["/bin/sh", "-c", '/bin/cat "$0"', file];
}

function addressOf({ address }: RealKubernetes): ApiAddress {
  if (address === undefined) throw new Error("the control plane does not run");
  return address;
}

/** The figures of two looks, the second at more nodes. */
export function verifyFigures(few: Look, many: Look): Figure[] {
  const perNode = ({ seconds, nodes }: Look) => seconds / nodes;
  const detail = `every check that only looks; ${many.nodes * podsPerNode} pods, ${many.requests} requests`;
  return [
    { name: `verify of ${many.nodes} nodes`, found: many.seconds, unit: " s", detail },
    { name: "its memory", found: many.gib, limit: 1, unit: " GiB", detail: "peak of resident memory" },
    {
      name: "its requests for each node",
      found: many.requests / many.nodes,
      limit: 1.2,
      unit: "",
      detail: "one command in calico-node, and lists page by page",
    },
    {
      name: `its time per node, ${many.nodes} ÷ ${few.nodes}`,
      found: perNode(many) / perNode(few),
      limit: 1.2,
      unit: "",
      detail: `${few.seconds.toFixed(1)} s and ${many.seconds.toFixed(1)} s`,
    },
  ];
}

function wrong(found: VerifyData["checks"]): unknown {
  return found
    .filter(({ verdict }) => verdict === "failed" || verdict === "unknown")
    .map(({ name, findings }) => [name, findings.find(({ verdict }) => verdict !== "passed")?.evidence]);
}

/** Puts pods onto the nodes that have none yet. */
async function addPods({ cloud, kubernetes }: World<RealKubernetes>): Promise<void> {
  const api = new Api(new Client(addressOf(kubernetes)));
  try {
    const known = new Set(
      (await listed(api)).flatMap(({ spec }) => (spec.nodeName === undefined ? [] : [spec.nodeName])),
    );
    const wanted = [...cloud.instances.values()]
      .filter(({ nodeName }) => !known.has(nodeName))
      .flatMap(({ nodeName }) => Array.from({ length: podsPerNode }, (_, index) => podOn(nodeName, index)));
    const next = wanted.values();
    const work = async () => {
      for (const pod of next) await api.create(pod, { manager: "bench" });
    };
    await Promise.all(Array.from({ length: podsAtOnce }, work));
  } finally {
    api.client.close();
  }
}

async function listed({ client }: Api): Promise<{ spec: { nodeName?: string } }[]> {
  const path = "/api/v1/namespaces/default/pods";
  const { items } = await client.send({ method: "GET", path, query: { labelSelector: "app=bench" } });
  return items as unknown as { spec: { nodeName?: string } }[];
}

function podOn(nodeName: string, index: number) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `bench-${nodeName.split(".")[0]}-${index}`,
      namespace: "default",
      labels: { app: "bench" },
    },
    spec: { nodeName, containers: [{ name: "it", image: "bench" }] },
  };
}
