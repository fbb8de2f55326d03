import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../cluster/cluster.ts";
import { ClusterError } from "../cluster/clusterError.ts";
import { isAbandoned, ownerAnnotation, purposeLabel, thisOwner } from "./owner.ts";

const removeSeconds = 120;

const cutOffMilliseconds = 1000;

interface RawNamespace {
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
}

/**
 * Removes a namespace and waits until it is gone.
 * @throws ClusterError when that takes too long
 */
export async function removeNamespace(cluster: Cluster, name: string): Promise<void> {
  const path = `/api/v1/namespaces/${name}`;
  // Of a request that was cut off, the namespace may come yet.
  if ((await cluster.get(path)) === undefined) await sleep(cutOffMilliseconds);
  // Pods first and at once: what ends them is nobody's concern.
  await cluster.delete(`${path}/pods`, { gracePeriodSeconds: 0 });
  await cluster.delete(path, { propagationPolicy: "Background" });
  const limit = performance.now() + removeSeconds * 1000;
  while ((await cluster.get(path)) !== undefined) {
    if (performance.now() > limit) {
      throw new ClusterError(0, `namespace ${name} is not gone ${removeSeconds} s after it was deleted`);
    }
    await sleep(500);
  }
}

/** Removes what earlier runs have left; what belongs to a run that lives stays. */
export function removeAbandoned(cluster: Cluster): Promise<void> {
  return removeWhere(cluster, (annotations) => isAbandoned(annotations));
}

/** Removes what this process has made. */
export function removeOwn(cluster: Cluster): Promise<void> {
  const owner = thisOwner();
  return removeWhere(cluster, (annotations) => annotations[ownerAnnotation] === owner);
}

async function removeWhere(
  cluster: Cluster,
  isToGo: (annotations: Readonly<Record<string, string>>) => boolean,
): Promise<void> {
  const found =
    (await cluster.list("/api/v1/namespaces", (one) => one as RawNamespace, {
      labelSelector: purposeLabel,
    })) ?? [];
  const going = found.filter(({ metadata }) => isToGo(metadata.annotations ?? {}));
  await Promise.all(going.map(({ metadata }) => removeNamespace(cluster, metadata.name)));
}
