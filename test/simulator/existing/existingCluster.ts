import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesTools } from "../../toolchain/kubernetesTools.ts";
import type { NodeReport } from "../kubernetes/felix.ts";
import { at, type KubernetesObject, keyOf } from "../kubernetes/object.ts";
import { Api } from "../realKubernetes/api.ts";
import { Client } from "../realKubernetes/client.ts";
import { type Cluster, startCluster } from "../realKubernetes/cluster.ts";
import { Mirror } from "../realKubernetes/mirror.ts";
import { felixName } from "../realKubernetes/names.ts";
import { OperatorProcess } from "../realKubernetes/operatorProcess.ts";
import type { Instance } from "../world/instance.ts";
import { Life } from "./life.ts";
import { commonSeeds, manifestSeeds, operatorSeeds } from "./seeds.ts";

export interface ExistingOptions {
  readonly tools: KubernetesTools;
  /** The executable of the operator that installs a Calico release: `3.32.4`. */
  readonly operatorFile: (calicoVersion: string) => Promise<string>;
  /** Custom resource definitions of Calico and its operator, in YAML. */
  readonly crds: readonly string[];
  /** How Calico was installed; both or none is a cluster that cannot be taken. */
  readonly calico: readonly ("manifest" | "operator")[];
  readonly instances: readonly Instance[];
  /** Objects in addition to those of a usual cluster, or instead of them. */
  readonly seeds?: readonly KubernetesObject[];
}

/** What a moment of a cluster was like. */
export interface Moment {
  readonly bpfEnabled: boolean;
  readonly kubeProxy: "Parked" | "Running";
}

const followed = [
  ["v1", "Namespace"],
  ["v1", "ConfigMap"],
  ["v1", "Node"],
  ["v1", "Pod"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["operator.tigera.io/v1", "Installation"],
  ["operator.tigera.io/v1", "APIServer"],
  ["operator.tigera.io/v1", "TigeraStatus"],
  ["crd.projectcalico.org/v1", "FelixConfiguration"],
  ["crd.projectcalico.org/v1", "IPPool"],
] as const;

const stepMilliseconds = 100;

const settleSeconds = 120;

/** A cluster that is there before the program comes: a real control plane, nodes, and a Calico that runs. */
export class ExistingCluster {
  readonly api: Api;
  readonly cluster: Cluster;
  /** Each change of the dataplane or of kube-proxy, in order. */
  readonly moments: Moment[] = [];
  /** When true, calico-node becomes ready nowhere. */
  broken = false;
  readonly #mirror: Mirror;
  readonly #life: Life;
  readonly #onlyOperator: boolean;
  #stopped = false;
  #loop: Promise<void> = Promise.resolve();
  #failure: unknown;

  private constructor(
    cluster: Cluster,
    { calico, instances, operatorFile }: Pick<ExistingOptions, "calico" | "instances" | "operatorFile">,
  ) {
    this.cluster = cluster;
    this.#onlyOperator = calico.join() === "operator";
    this.api = new Api(new Client(cluster.address));
    this.#mirror = new Mirror(this.api, () => this.#note());
    const isBroken = () => this.broken;
    const { api } = this;
    // It is looked at all the time.
    const operator = new OperatorProcess({ cluster, api, operatorFile, onRestart: () => {} });
    this.#life = new Life(api, this.#mirror, { instances, operator, calicoVersion: "3.32.4", isBroken });
  }

  /** Starts the cluster and waits until its Calico is ready. The caller stops it. */
  static async start(options: ExistingOptions): Promise<ExistingCluster> {
    const { tools, crds, calico, instances, seeds = [] } = options;
    const one = new ExistingCluster(await startCluster(tools, "172.20.0.0/16"), options);
    try {
      await one.#seed(crds, [
        ...commonSeeds,
        ...(calico.includes("operator") ? operatorSeeds : []),
        ...(calico.includes("manifest") ? manifestSeeds : []),
        ...seeds,
      ]);
      one.#loop = one.#live();
      // Without Calico no node becomes ready.
      if (calico.length > 0) await one.settled();
      else await one.#joined(instances.length);
      one.moments.length = 0;
      return one;
    } catch (error) {
      await one.stop();
      throw error;
    }
  }

  get kubeconfigFile(): string {
    return this.cluster.kubeconfigFile;
  }

  reports(): NodeReport[] {
    return this.#life.reports();
  }

  moment(): Moment {
    const bpfEnabled = at(this.#mirror.get(keyOf(felixName)), "spec.bpfEnabled") === true;
    const pod = at(this.#mirror.get("apps/v1/DaemonSet/kube-system/kube-proxy"), "spec.template.spec");
    return { bpfEnabled, kubeProxy: JSON.stringify(pod ?? {}).includes("non-calico") ? "Parked" : "Running" };
  }

  /** Waits until every workload has rolled out and nothing changes any more. */
  async settled(): Promise<void> {
    const limit = performance.now() + settleSeconds * 1000;
    let before = "";
    let quiet = 0;
    while (quiet < 10) {
      if (this.#failure !== undefined) throw this.#failure;
      if (performance.now() > limit) {
        const open = this.#unsettled().map(({ kind, metadata }) => `${kind} ${metadata.name}`);
        throw new Error(`the cluster did not settle; not rolled out: ${open.join(", ") || "nothing"}`);
      }
      await sleep(stepMilliseconds);
      const now = JSON.stringify(
        this.#mirror.all().map(({ metadata, status }) => [metadata.name, metadata.generation, status]),
      );
      quiet = now === before && this.#unsettled().length === 0 ? quiet + 1 : 0;
      before = now;
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loop;
    this.#life.stop();
    this.#mirror.stop();
    this.api.client.close();
    await this.cluster.stop();
  }

  async #seed(crds: readonly string[], objects: readonly KubernetesObject[]): Promise<void> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const contentType = "application/yaml";
    await Promise.all(crds.map((body) => this.api.client.send({ method: "POST", path, body, contentType })));
    const known = new Map(objects.map((object) => [keyOf(object), object]));
    for (const object of known.values()) {
      for (let looks = 0; !(await this.api.serves(object)) && looks < 100; looks++) await sleep(100);
      await this.api.create(object, { manager: "kubectl-client-side-apply" });
    }
    for (const [apiVersion, kind] of followed) {
      if (await this.api.serves({ apiVersion, kind })) await this.#mirror.follow(apiVersion, kind);
    }
  }

  async #joined(count: number): Promise<void> {
    const joined = () =>
      this.#mirror.ofKind("v1", "Node").filter((node) => at(node, "status.nodeInfo.kernelVersion") !== "")
        .length;
    for (let looks = 0; joined() < count; looks++) {
      if (looks === settleSeconds * 10) throw new Error("the nodes did not join");
      await sleep(stepMilliseconds);
    }
  }

  async #live(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#life.step();
        this.#failure = undefined;
      } catch (error) {
        // What was to be written has changed meanwhile: it is looked at anew.
        this.#failure = error;
      }
      await sleep(stepMilliseconds);
    }
  }

  #note(): void {
    if (this.#stopped) return;
    const now = this.moment();
    const last = this.moments.at(-1);
    if (last?.bpfEnabled !== now.bpfEnabled || last.kubeProxy !== now.kubeProxy) this.moments.push(now);
  }

  #unsettled(): KubernetesObject[] {
    const workloads = [
      ...this.#mirror.ofKind("apps/v1", "DaemonSet"),
      ...this.#mirror.ofKind("apps/v1", "Deployment"),
    ];
    const number = (object: KubernetesObject, path: string) => Number(at(object, path) ?? 0);
    // The operator writes its release only some time after the rollout; next to a manifest's Calico it never does.
    const installations = this.#onlyOperator
      ? this.#mirror
          .ofKind("operator.tigera.io/v1", "Installation")
          .filter((one) => at(one, "status.calicoVersion") === undefined)
      : [];
    const open = workloads.filter((one) => {
      const wanted =
        one.kind === "DaemonSet"
          ? number(one, "status.desiredNumberScheduled")
          : Number(at(one, "spec.replicas") ?? 1);
      const available = one.kind === "DaemonSet" ? "status.numberAvailable" : "status.availableReplicas";
      const updated = one.kind === "DaemonSet" ? "status.updatedNumberScheduled" : "status.updatedReplicas";
      return !(
        number(one, "status.observedGeneration") === number(one, "metadata.generation") &&
        number(one, available) === wanted &&
        number(one, updated) === wanted
      );
    });
    return [...installations, ...open];
  }
}
