import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { existingDataPath } from "../../infra/existing/dataPath.ts";
import { soundFrom } from "../../infra/existing/found.ts";
import { Engine } from "../rehearsal/engine.ts";
import type { KubernetesObject } from "../simulator/kubernetes/object.ts";
import { serve } from "../simulator/protocol/serve.ts";
import { type ExistingChange, existingSettings, kubeProxy, snapshot } from "../support/existing.ts";
import {
  Cluster,
  deployment,
  felixKey,
  host,
  installation,
  installationKey,
  namespace,
} from "../unit/simulator/kubernetes/cluster.ts";
import { cli, root } from "./rehearsed.ts";

const address = { host, port: 443 } as const;

/** EKS's kube-proxy has no node selector. */
const free = { ...kubeProxy, parking: { nodeSelector: "free", nodeAffinity: "free" } } as const;

/** What makes up the data path, and DNS. */
export const keys = {
  felix: felixKey,
  installation: installationKey,
  operator: "apps/v1/Deployment/tigera-operator/tigera-operator",
  endpoint: "v1/ConfigMap/tigera-operator/kubernetes-services-endpoint",
  kubeProxy: "apps/v1/DaemonSet/kube-system/kube-proxy",
  coreDns: "apps/v1/Deployment/kube-system/coredns",
} as const;

/** A cluster with kube-proxy, CoreDNS and Calico by its operator, in iptables mode; made by kubectl and EKS. */
export async function seededCluster(): Promise<Cluster> {
  const cluster = new Cluster({ millisecondsPerSecond: 1, stallMilliseconds: 3000 });
  const byKubectl = (object: KubernetesObject) => cluster.api.create(object, "kubectl-create");
  for (const name of ["kube-proxy", "coredns"]) {
    cluster.kubernetes.onAddon({ kind: "created", name, clusterName: "there" });
  }
  byKubectl(namespace);
  byKubectl(deployment());
  for (const number of [1, 2]) cluster.join(number);
  await until(() => cluster.kubernetes.operator.available);
  byKubectl(installation("Iptables"));
  await until(() => cluster.ready === "True: ");
  return cluster;
}

/** The objects as they are, without what the API server counts and the operator reports. */
export function contents(cluster: Cluster): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(keys).flatMap(([name, key]) => {
      const found = cluster.api.get(key);
      if (found === undefined) return [];
      const { status: _, ...object } = found;
      return [[name, { ...object, metadata: { ...object.metadata, generation: 0 } }]];
    }),
  );
}

export interface Stack {
  readonly engine: Engine;
  /** Changes the settings for the operations to come. */
  readonly configure: (change: ExistingChange) => void;
  readonly end: () => Promise<void>;
}

/** The real engine with the data path of this program on the cluster, which it takes as it was found. */
export async function stackOn(cluster: Cluster): Promise<Stack> {
  let change: ExistingChange = {};
  if (cli === undefined) throw new Error("no pulumi CLI: `npm run test:engine` gets one");
  const served = await serve(cluster.kubernetes, { onActivity: () => cluster.activity.changed() });
  const engine = await Engine.start({
    program: async () => {
      const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}", clusterIdentifier: "there" });
      existingDataPath(
        { settings: existingSettings(change), address, found: soundFrom(snapshot({ kubeProxy: free })) },
        { providers: [provider] },
      );
    },
    command: cli.command,
    stack: "there",
    project: await readFile(join(root, "Pulumi.yaml"), "utf8"),
    config: {},
    debugProviders: `kubernetes:${served.port}`,
  });
  return {
    engine,
    configure: (next) => {
      change = next;
    },
    end: async () => {
      served.stop();
      cluster.activity.stop();
      await engine.remove();
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1000) throw new Error("the seeded cluster does not become ready");
    await new Promise((done) => setTimeout(done, 5));
  }
}
