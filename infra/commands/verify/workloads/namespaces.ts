import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../../kubernetes/cluster.ts";
import { ClusterError } from "../../../kubernetes/errors.ts";

/** Label of every namespace that a run creates; its value is the command. */
export const purposeLabel = "calico-ebpf-eks.io/made-by";

/** Annotations by which a later run detects whether the creator of a namespace is still running. */
export const ownerAnnotation = "calico-ebpf-eks.io/owner";
export const aliveAnnotation = "calico-ebpf-eks.io/alive-until";

/** How long a heartbeat is valid. Renewed far more often, so that a slow moment does not look like an end. */
export const aliveSeconds = 180;

/** This process's ID in the annotations of its namespaces. */
export function thisOwner(): string {
  return `${hostname()} ${process.pid} ${startTime(process.pid) ?? ""}`;
}

/** Annotations of a namespace in use now. */
export function aliveUntil(now: Date = new Date()): string {
  return new Date(now.getTime() + aliveSeconds * 1000).toISOString();
}

/**
 * Whether the run that created a namespace has ended. On this machine, by its process; on another one, by its last
 * heartbeat.
 */
export function isAbandoned(
  annotations: Readonly<Record<string, string>>,
  now: Date = new Date(),
  processStart: (pid: number) => string | undefined = startTime,
): boolean {
  const [host, pid, start] = (annotations[ownerAnnotation] ?? "").split(" ");
  if (host === hostname() && pid !== undefined && processStart(Number(pid)) !== start) return true;
  const until = Date.parse(annotations[aliveAnnotation] ?? "");
  return Number.isNaN(until) || until < now.getTime();
}

/** Distinguishes a process from a later one with the same number; empty where the system does not support it. */
function startTime(pid: number): string | undefined {
  if (!existsSync("/proc/self/stat")) return isRunning(pid) ? "" : undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in brackets, may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

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
  // After an interrupted request, the namespace may still appear.
  if ((await cluster.get(path)) === undefined) await sleep(cutOffMilliseconds);
  // Pods first and at once: they need no graceful end.
  await cluster.delete(`${path}/pods`, { gracePeriodSeconds: 0 });
  await cluster.delete(path, { propagationPolicy: "Background" });
  const limit = performance.now() + removeSeconds * 1000;
  while ((await cluster.get(path)) !== undefined) {
    if (performance.now() > limit) {
      throw new ClusterError(0, `namespace ${name} still exists ${removeSeconds} s after it was deleted`);
    }
    await sleep(500);
  }
}

/** Removes what earlier runs have left, but not what belongs to a live run. */
export function removeAbandoned(cluster: Cluster): Promise<void> {
  return removeWhere(cluster, (annotations) => isAbandoned(annotations));
}

/** Removes what this process has created. */
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
