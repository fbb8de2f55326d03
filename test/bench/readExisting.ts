import { subscribe } from "node:diagnostics_channel";
import { existingClusterProblems } from "../../components/checks/existing/checks.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import { reading } from "../../infra/existing/found.ts";
import { loadKubeconfig } from "../../infra/existing/kubeconfig.ts";
import { readCluster } from "../../infra/existing/readCluster.ts";
import { Cluster } from "../../infra/kubernetes/cluster.ts";

/** What a separate process reports of one reading. */
export interface ReadingReport {
  readonly seconds: number;
  /** Most memory that the process ever had. */
  readonly mib: number;
  /** To the API server and to EC2. */
  readonly requests: number;
  readonly nodes: number;
  readonly interfaces: number;
  /** Why the cluster cannot be taken; empty. */
  readonly problems: readonly string[];
}

const [file = "", host = "", port = "0"] = process.argv.slice(2);
const apiServer = { host, port: Number(port) };
const cluster = { kind: "kubeconfig", file, context: undefined, apiServer } as const;
const settings: ExistingSettings = {
  project: "calico-ebpf-eks",
  stack: "bench",
  region: "eu-west-1",
  profile: undefined,
  account: {},
  cluster,
  calico: { dataplane: "BPF", externalService: "DSR", dsrOptOutCidrs: [] },
  kubeProxy: "Parked",
};

let requests = 0;
subscribe("http.client.request.start", () => {
  requests += 1;
});
const begun = performance.now();
const loaded = await loadKubeconfig(cluster);
if ("problem" in loaded) throw new Error(loaded.problem.found);
const live = new Cluster(loaded.config, reading);
const snapshot = await readCluster(live, settings);
live.close();
const problems = existingClusterProblems(settings, apiServer, snapshot);
const report: ReadingReport = {
  seconds: (performance.now() - begun) / 1000,
  mib: process.resourceUsage().maxRSS / 1024,
  requests,
  nodes: snapshot.nodes.length,
  interfaces: snapshot.aws?.interfaces.length ?? 0,
  problems: problems.map(({ path, found }) => `${path}: ${found}`),
};
process.stdout.write(JSON.stringify(report));
