import type { KubeConfig } from "@kubernetes/client-node";
import * as pulumi from "@pulumi/pulumi";
import { type CalicoKind, endpointNamespaces } from "../../components/checks/existing/plan.ts";
import { Cluster } from "../kubernetes/cluster.ts";
import { glance, type Status, unreadyLines, warnOf } from "../readiness.ts";

export interface Watched {
  /** Access to the cluster. */
  readonly config: KubeConfig;
  readonly kind: CalicoKind;
  /** What the `up` does last. */
  readonly last: readonly pulumi.Resource[];
}

/**
 * Looks at the end of an `up` whether Calico is ready in an existing cluster, and warns of what is not: an `up` that changes
 * nothing waits at no gate, and the ready gate looks at calico-node alone. It only reads, and a cluster that does not answer
 * fails nothing. These are no gates: what another team runs in the cluster may have been unready before.
 * @returns the value, once that is done; in a preview at once
 */
export function warnedOfUnready<T>(value: T, { config, kind, last }: Watched): pulumi.Output<T> {
  if (pulumi.runtime.isDryRun()) return pulumi.output(value) as pulumi.Output<T>;
  return pulumi.all(last.map(({ urn }) => urn)).apply(async () => {
    const cluster = new Cluster(config, glance);
    await warnOf(linesOf[kind](cluster).finally(() => cluster.close()));
    return value;
  }) as pulumi.Output<T>;
}

/** What to warn of, by who installed Calico. */
const linesOf: Readonly<Record<CalicoKind, (cluster: Cluster) => Promise<string[]>>> = {
  operator: async (cluster) => {
    const path = "/apis/operator.tigera.io/v1/tigerastatuses";
    return unreadyLines((await cluster.list(path, (object) => object as Status)) ?? []);
  },
  manifest: async (cluster) => {
    const path = `/apis/apps/v1/namespaces/${endpointNamespaces.manifest}/daemonsets/calico-node`;
    return unavailableLines(await cluster.get<DaemonSet>(path));
  },
};

interface DaemonSet {
  readonly status?: { readonly desiredNumberScheduled?: number; readonly numberAvailable?: number };
}

/** What an `up` warns of where no operator reports how Calico is. */
export function unavailableLines(daemonSet: DaemonSet | undefined): string[] {
  const wanted = daemonSet?.status?.desiredNumberScheduled ?? 0;
  const available = daemonSet?.status?.numberAvailable ?? 0;
  if (daemonSet !== undefined && available >= wanted) return [];
  const found = daemonSet === undefined ? "does not exist" : `has ${available} of ${wanted} pods available`;
  return [`Calico is not ready: DaemonSet calico-node ${found}`];
}
