import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../../kubernetes/cluster.ts";
import { ClusterError } from "../../../kubernetes/errors.ts";
import { oneLine } from "../../../text.ts";
import {
  aliveAnnotation,
  aliveSeconds,
  aliveUntil,
  ownerAnnotation,
  purposeLabel,
  removeAbandoned,
  removeNamespace,
  thisOwner,
} from "./namespaces.ts";
import { podObject, type WorkloadPod } from "./podSpec.ts";

/** Options of the namespace for probe pods. */
export interface WorkloadsOptions {
  /** The command; part of the namespace's name. */
  readonly purpose: "measure" | "verify";
  /** Pod Security level; `privileged` where pods need the host network. Default `restricted`. */
  readonly level?: "privileged" | "restricted";
}

/** A running probe pod. */
export interface RunningPod {
  readonly name: string;
  readonly node: string;
  readonly ip: string;
}

/** A probe pod that does not run. */
export interface WaitingPod {
  readonly name: string;
  /** The reason from scheduler or kubelet. */
  readonly why: string;
}

/** A service in front of probe pods. */
export interface WorkloadService {
  readonly name: string;
  /** Labels of its pods. */
  readonly selector: Readonly<Record<string, string>>;
  /** TCP port of the service and, by default, of its pods. */
  readonly port: number;
  readonly targetPort?: number;
  /** Consecutive ports of the service, from `port` on, all to the same port of its pods. Default: 1. */
  readonly portCount?: number;
  /** Default `ClusterIP`. */
  readonly type?: "ClusterIP" | "NodePort";
}

export interface RunningService {
  readonly name: string;
  readonly clusterIp: string;
  readonly port: number;
  /** 0: it has none. */
  readonly nodePort: number;
}

interface RawPod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status?: {
    readonly podIP?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

const defaultReadySeconds = 120;

/** Pods and services for probes, in a namespace that is removed with them. */
export class Workloads {
  readonly namespace: string;
  readonly #cluster: Cluster;
  readonly #options: WorkloadsOptions;
  #signOfLife: NodeJS.Timeout | undefined;

  /** Creates nothing yet. */
  constructor(cluster: Cluster, options: WorkloadsOptions) {
    this.#cluster = cluster;
    this.#options = options;
    this.namespace = `calico-ebpf-eks-${options.purpose}-${randomBytes(4).toString("hex")}`;
  }

  /**
   * Creates the namespace, after removing those that earlier runs have left. The caller removes it, also when this fails:
   * an interrupted request may have been carried out.
   */
  async open(): Promise<void> {
    const { purpose, level = "restricted" } = this.#options;
    await removeAbandoned(this.#cluster);
    await this.#cluster.create("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: this.namespace,
        labels: {
          [purposeLabel]: purpose,
          "pod-security.kubernetes.io/enforce": level,
          "pod-security.kubernetes.io/enforce-version": "latest",
        },
        annotations: { [ownerAnnotation]: thisOwner(), [aliveAnnotation]: aliveUntil() },
      },
    });
    this.#signOfLife = setInterval(() => this.#renew(), (aliveSeconds * 1000) / 6);
    this.#signOfLife.unref();
  }

  async addPod(pod: WorkloadPod): Promise<void> {
    await this.#cluster.create(this.#path("pods"), podObject(this.namespace, pod));
  }

  async addService({
    name,
    selector,
    port,
    targetPort = port,
    portCount = 1,
    type = "ClusterIP",
  }: WorkloadService): Promise<RunningService> {
    const made = await this.#cluster.create<{
      spec: { clusterIP: string; ports: readonly { nodePort?: number }[] };
    }>(this.#path("services"), {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: this.namespace },
      spec: {
        type,
        selector,
        ports: Array.from({ length: portCount }, (_, at) => ({
          ...(portCount === 1 ? {} : { name: `port-${at}` }),
          port: port + at,
          targetPort,
          protocol: "TCP",
        })),
      },
    });
    return { name, port, clusterIp: made.spec.clusterIP, nodePort: made.spec.ports[0]?.nodePort ?? 0 };
  }

  /**
   * Waits for every pod that was added.
   * @throws ClusterError with the reason for each pod, when that takes too long
   */
  async ready(timeoutSeconds = defaultReadySeconds): Promise<RunningPod[]> {
    const { running, waiting } = await this.settled(timeoutSeconds);
    if (waiting.length === 0) return running;
    const reasons = waiting.map(({ name, why }) => `${name}: ${why}`);
    throw new ClusterError(0, `pods were not ready within ${timeoutSeconds} s: ${reasons.join("; ")}`);
  }

  /** Waits for every pod that was added, within a limit: returns the running ones, and why the others do not run. */
  async settled(
    timeoutSeconds = defaultReadySeconds,
  ): Promise<{ readonly running: RunningPod[]; readonly waiting: readonly WaitingPod[] }> {
    const limit = performance.now() + timeoutSeconds * 1000;
    for (;;) {
      const pods = (await this.#cluster.list(this.#path("pods"), (one) => one as RawPod)) ?? [];
      const waiting = pods.filter((pod) => !isReady(pod));
      if (waiting.length === 0 || performance.now() > limit) {
        return { running: pods.filter(isReady).map(runningPod), waiting: waiting.map(waitingPod) };
      }
      await sleep(500);
    }
  }

  /**
   * Removes the namespace with everything in it, and waits until it is gone.
   * @param cluster connection to use where the run's was aborted. Default: the run's
   */
  async remove(cluster: Cluster = this.#cluster): Promise<void> {
    clearInterval(this.#signOfLife);
    await removeNamespace(cluster, this.namespace);
  }

  #path(plural: string): string {
    return `/api/v1/namespaces/${this.namespace}/${plural}`;
  }

  #renew(): void {
    const metadata = { annotations: { [aliveAnnotation]: aliveUntil() } };
    // A lost heartbeat does no harm; the next one follows.
    this.#cluster.patch(`/api/v1/namespaces/${this.namespace}`, { metadata }).catch(() => {});
  }
}

function isReady({ status }: RawPod): boolean {
  return status?.conditions?.some(({ type, status: holds }) => type === "Ready" && holds === "True") ?? false;
}

function runningPod({ metadata, spec, status }: RawPod): RunningPod {
  return { name: metadata.name, node: spec.nodeName ?? "", ip: status?.podIP ?? "" };
}

function waitingPod({ metadata, status }: RawPod): WaitingPod {
  const waiting = status?.containerStatuses?.[0]?.state?.waiting;
  const condition = status?.conditions?.find(({ status: holds, message }) => holds !== "True" && message);
  const why =
    waiting?.reason === undefined
      ? (condition?.message ?? "it has not started")
      : `${waiting.reason} ${waiting.message ?? ""}`;
  return { name: metadata.name, why: oneLine(why) };
}
