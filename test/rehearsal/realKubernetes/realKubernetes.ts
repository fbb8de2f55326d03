import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type AddonEvent, kubeProxyState } from "../kubernetes/addons.ts";
import type { CloudView } from "../kubernetes/cloudView.ts";
import type { NodeReport } from "../kubernetes/felix.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";
import { unanswered, unreachable } from "../kubernetes/words.ts";
import { Refusal } from "../protocol/provider.ts";
import type { Change } from "../switching/history.ts";
import type { KubernetesTools } from "../tools/kubernetesTools.ts";
import type { Activity } from "../world/activity.ts";
import type { KubernetesDouble } from "../world/kubernetesDouble.ts";
import { Api } from "./api.ts";
import { type ApiAddress, Client } from "./client.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { Live } from "./live.ts";
import { Mirror } from "./mirror.ts";
import { SimulatedNodes } from "./nodePrograms/simulatedNodes.ts";
import type { Program } from "./processes.ts";
import { RealProvider } from "./provider.ts";
import { addonWorkloads, dnsService } from "./workloads.ts";

export interface RealParts {
  readonly tools: KubernetesTools;
  /** Custom resource definitions in YAML: those that the operator installs, and those of guests, which come with them. */
  readonly crds: readonly string[];
  readonly serviceCidr: string;
  /** Folder of the kubernetes provider's own plugin, which takes this double's place. Default: there is none. */
  readonly pluginFolder?: string;
  /** The operator's own executable, which takes the place of its stand-in. Default: there is none. */
  readonly operatorFile?: string;
  /** Gets every change of the objects that the rehearsal follows. Default: nobody does. */
  readonly record?: (change: Change) => void;
}

/** A control plane that runs, and what lives in it. */
interface Running {
  readonly cluster: Cluster;
  readonly api: Api;
  readonly mirror: Mirror;
  readonly live: Live;
  readonly nodes: SimulatedNodes;
}

/** Milliseconds after which what failed is tried again. */
const retryMilliseconds = 200;

const tellMilliseconds = 10;

/** Longest rest between two looks at the cluster. */
const maxRestMilliseconds = 2000;

/** Failures in a row after which it is no longer a matter of timing. */
const toleratedFailures = 25;

/** The kubernetes provider with a real control plane behind it, in which the simulated instances are the nodes. */
export class RealKubernetes extends RealProvider implements KubernetesDouble {
  readonly #parts: RealParts;
  readonly #cloud: CloudView;
  readonly #activity: Activity;
  #running: Promise<Running> | undefined;
  #now: Running | undefined;
  #addons: Promise<void> = Promise.resolve();
  #stepping = false;
  #again = false;
  #hadCluster = false;
  #stopped = false;
  #telling: NodeJS.Timeout | undefined;
  #failures = 0;
  #failure = "";

  constructor(cloud: CloudView, activity: Activity, parts: RealParts) {
    super({ activity, reach: () => this.#reach() });
    this.#parts = parts;
    this.#cloud = cloud;
    this.#activity = activity;
    activity.onChange(() => this.#follow());
  }

  /** Starts the control plane ahead of time. */
  async start(onPart?: (part: string) => void): Promise<void> {
    await this.#start(onPart);
  }

  /** Tells that an EKS add-on was created, updated or deleted. */
  onAddon({ kind, name }: AddonEvent): void {
    const workload = addonWorkloads[name];
    if (workload === undefined) return;
    this.#addons = this.#addons.then(async () => {
      const { api } = await this.#start();
      const service = name === "coredns" ? [dnsService(this.#parts.serviceCidr)] : [];
      for (const object of [workload, ...service]) {
        if (kind === "deleted") await api.delete(object, { propagationPolicy: "Background" });
        else await api.apply(object, { manager: "eks", force: kind === "created" });
      }
    });
    // Whoever comes next to the API server is told.
    this.#addons.catch(() => {});
  }

  reports(): NodeReport[] {
    return this.#now?.live.reports() ?? [];
  }

  kubeProxy(): ReturnType<typeof kubeProxyState> {
    return this.#now === undefined ? "Absent" : kubeProxyState(this.#now.mirror);
  }

  contents(): readonly KubernetesObject[] {
    return this.#now?.mirror.all() ?? [];
  }

  /** Where the control plane is, for an administrator; undefined: it does not run. */
  get address(): ApiAddress | undefined {
    return this.#now?.cluster.address;
  }

  /** Kubeconfig of an administrator; undefined: the control plane does not run. */
  get kubeconfigFile(): string | undefined {
    return this.#now?.cluster.kubeconfigFile;
  }

  pluginKubeconfig(): string | undefined {
    if (this.#parts.pluginFolder === undefined || this.#now === undefined) return undefined;
    return readFileSync(this.#now.cluster.kubeconfigFile, "utf8");
  }

  /** What runs on the nodes, to break it; undefined while there is no cluster. */
  get nodes(): SimulatedNodes | undefined {
    return this.#now?.nodes;
  }

  /** Stops every process and removes all state. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#end();
  }

  #start(onPart?: (part: string) => void): Promise<Running> {
    this.#running ??= this.#begin(onPart);
    return this.#running;
  }

  async #begin(onPart?: (part: string) => void): Promise<Running> {
    const { tools, crds, serviceCidr, operatorFile, record } = this.#parts;
    const cluster = await startCluster(tools, serviceCidr, onPart);
    const api = new Api(new Client(cluster.address));
    const mirror = new Mirror(api, () => this.#tell(), record);
    const runOwnOperator =
      operatorFile === undefined ? undefined : () => cluster.run(operatorProgram(operatorFile, cluster));
    const live = new Live(api, mirror, this.#cloud, { crds, runOwnOperator });
    await live.begin();
    const nodes = new SimulatedNodes(api, mirror, {
      ...this.#cloud,
      nodes: () => [...this.#cloud.instances.values()],
      reports: () => live.reports(),
      kubeProxy: () => kubeProxyState(mirror),
    });
    await nodes.begin();
    cluster.serve(nodes);
    this.#now = { cluster, api, mirror, live, nodes };
    return this.#now;
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#now = undefined;
    const found = await running?.catch(() => undefined);
    found?.nodes.stop();
    found?.mirror.stop();
    found?.api.client.close();
    await found?.cluster.stop();
  }

  async #reach(): Promise<Api | undefined> {
    if (this.#cloud.endpointHost() === undefined) return undefined;
    const problem = this.#cloud.endpointProblem();
    if (problem !== undefined) throw unanswered(unreachable.write, problem);
    const { api, cluster } = await this.#start();
    const failure = cluster.failure();
    if (failure !== undefined) throw new Refusal(failure);
    if (this.#failures > toleratedFailures) {
      throw new Refusal(`the stand-in for the operator does not get on: ${this.#failure}`);
    }
    await this.#addons;
    return api;
  }

  /** Passes a change on, together with those that follow at once: a thousand nodes make many. */
  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      if (!this.#stopped) this.#activity.changed();
    }, tellMilliseconds);
  }

  /** Called on every change; returns without waiting. */
  #follow(): void {
    if (this.#stopped) return;
    if (this.#cloud.endpointHost() === undefined) {
      // The cluster was there, and is gone with all that it held.
      if (this.#hadCluster) void this.#end();
      this.#hadCluster = false;
      return;
    }
    this.#hadCluster = true;
    this.#again = true;
    if (!this.#stepping) void this.#steps();
  }

  async #steps(): Promise<void> {
    this.#stepping = true;
    try {
      const { live } = await this.#start();
      while (this.#again && !this.#stopped) {
        this.#again = false;
        const began = performance.now();
        if (await live.step()) this.#activity.changed();
        // Every call of the engine counts as a change: a thousand nodes must not be looked at each time.
        await sleep(Math.min(performance.now() - began, maxRestMilliseconds));
      }
      this.#failures = 0;
    } catch (error) {
      // What was to be written has mostly changed or gone in the meantime: it is looked at anew.
      this.#failures += 1;
      this.#failure = error instanceof Error ? error.message : String(error);
      this.#again = !this.#stopped && this.#now !== undefined;
      if (this.#again) setTimeout(() => this.#follow(), retryMilliseconds);
    } finally {
      this.#stepping = false;
    }
  }
}

/** The operator outside of the cluster: what its pod would have from its chart, as environment. */
function operatorProgram(file: string, { kubeconfigFile }: Cluster): Program {
  const env = {
    KUBECONFIG: kubeconfigFile,
    OPERATOR_NAME: "tigera-operator",
    OPERATOR_NAMESPACE: "tigera-operator",
    CALICO_API_GROUP: "crd.projectcalico.org/v1",
  };
  return { name: "tigera-operator", file, args: ["-manage-crds=true"], env };
}
