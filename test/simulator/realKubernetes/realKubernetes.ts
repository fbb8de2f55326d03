import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesTools } from "../../toolchain/kubernetesTools.ts";
import { awsNode } from "../dataPath/awsNode.ts";
import { coreDns } from "../dataPath/coreDns.ts";
import { kubeProxy } from "../dataPath/kubeProxy.ts";
import { type AddonEvent, kubeProxyState } from "../kubernetes/addons.ts";
import type { CloudView } from "../kubernetes/cloudView.ts";
import type { NodeReport } from "../kubernetes/felix.ts";
import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Activity } from "../world/activity.ts";
import type { KubernetesDouble, Plugin } from "../world/kubernetesDouble.ts";
import { Api } from "./api.ts";
import { CalicoApi } from "./calicoApi.ts";
import { type ChartRepository, startChartRepository } from "./chartRepository.ts";
import { type ApiAddress, Client } from "./client.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Change } from "./history.ts";
import { type Playback, PlayedSide } from "./kubelets/playedSide.ts";
import { endpointNames, LabNodes, type LabParts } from "./labNodes.ts";
import { Live } from "./live.ts";
import { Mirror } from "./mirror.ts";
import { OperatorProcess } from "./operatorProcess.ts";
import { addonWorkloads, dnsService } from "./workloads.ts";

export interface RealParts {
  readonly tools: KubernetesTools;
  /** Custom resource definitions of guests, in YAML; the operator brings its own. */
  readonly crds: readonly string[];
  readonly serviceCidr: string;
  /** Folder of the kubernetes provider's plugin. */
  readonly pluginFolder: string;
  /** The executable of the operator that installs a Calico release: `3.32.4`. */
  readonly operatorFile: (calicoVersion: string) => Promise<string>;
  /** Calico releases whose charts are served: `3.32.4`. */
  readonly calicoVersions: readonly string[];
  /** What nodes with real packets are made of. Default: nodes are played, and move none. */
  readonly lab?: LabParts;
  /** Gets every change of the objects that the rehearsal follows. Default: none. */
  readonly record?: (change: Change) => void;
}

/** A control plane that runs, and what lives in it. */
interface Running {
  readonly cluster: Cluster;
  readonly api: Api;
  readonly mirror: Mirror;
  readonly live: Live;
  readonly lab: LabNodes | undefined;
  readonly played: PlayedSide;
  readonly charts: ChartRepository;
}

/** Milliseconds after which what failed is tried again. */
const retryMilliseconds = 200;

const tellMilliseconds = 10;

/** Longest rest between two looks at the cluster. */
const maxRestMilliseconds = 2000;

/** Failures in a row after which it is no longer a matter of timing. */
const toleratedFailures = 25;

/**
 * A real control plane, in which the simulated instances are the nodes, and the real operator; the engine reaches it by the
 * real kubernetes plugin.
 */
export class RealKubernetes implements KubernetesDouble {
  /** When true, the operator's container does not start. Tell the activity of a change. */
  operatorBroken = false;
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
    this.#parts = parts;
    this.#cloud = cloud;
    this.#activity = activity;
    activity.onChange(() => this.#follow());
  }

  /** Starts the control plane ahead of time. */
  async start(onPart?: (part: string) => void): Promise<void> {
    await this.#start(onPart);
  }

  /** The plugin and its charts. */
  async plugin(): Promise<Plugin> {
    const { charts, cluster } = await this.#start();
    const { certificate } = cluster.ownCertificate;
    return { folder: this.#parts.pluginFolder, chartRepository: charts.url, certificate };
  }

  /** Tells that an EKS add-on was created, updated or deleted; resolves when its objects are there. */
  onAddon(event: AddonEvent): Promise<void> {
    const { kind, name } = event;
    const workloads = this.#workloadsOf(event);
    if (workloads.length === 0) return Promise.resolve();
    const service = name === "coredns" ? [dnsService(this.#parts.serviceCidr)] : [];
    const written = this.#addons.then(() => this.#write([...workloads, ...service], kind));
    // What one add-on fails with keeps no other from being written.
    this.#addons = written.catch(() => {});
    return kind === "deleted" ? this.#addons : written;
  }

  /** Writes or deletes the objects of an add-on, and again what a busy API server has not taken. */
  async #write(objects: readonly KubernetesObject[], kind: AddonEvent["kind"]): Promise<void> {
    // An add-on that goes with its cluster finds it gone: no other one is started for that.
    const running = kind === "deleted" ? this.#running : this.#start();
    if (running === undefined) return;
    const { api } = await running;
    for (let failures = 0; ; failures += 1) {
      try {
        for (const object of objects) {
          if (kind === "deleted") await api.delete(object, { propagationPolicy: "Background" });
          else await api.apply(object, { manager: "eks", force: kind === "created" });
        }
        return;
      } catch (error) {
        if (this.#stopped || this.#running !== running || failures === toleratedFailures) throw error;
        await sleep(retryMilliseconds);
      }
    }
  }

  /** What an add-on puts into the cluster; with real packets, programs that run. */
  #workloadsOf(event: AddonEvent): readonly KubernetesObject[] {
    const host = this.#cloud.endpointHost();
    if (event.name === "kube-proxy" && this.#parts.lab !== undefined && host !== undefined)
      return kubeProxy(host);
    const workloads = addonWorkloads(event);
    if (this.#parts.lab === undefined) return workloads;
    if (event.name === "coredns") return workloads.flatMap(coreDns);
    // There is no program for the others, so that their pods would not start.
    return event.name === "vpc-cni" ? awsNode(event) : [];
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

  async pluginKubeconfig(): Promise<string> {
    const { cluster } = await this.#start();
    return readFileSync(cluster.kubeconfigFile, "utf8");
  }

  /** Why it does not get on, for people; undefined: it does. */
  get failure(): string | undefined {
    const failure = this.#now?.cluster.failure();
    return failure ?? (this.#failures > toleratedFailures ? this.#failure : undefined);
  }

  /** Nodes with real packets; undefined: there are none. */
  get lab(): LabNodes | undefined {
    return this.#now?.lab;
  }

  /** Lets commands in containers of played nodes print something, until there is another cluster; undefined: they are refused. */
  set playback(playback: Playback | undefined) {
    if (this.#now !== undefined) this.#now.played.playback = playback;
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
    const { tools, crds, serviceCidr, operatorFile, record, lab: labParts } = this.#parts;
    const advertised = labParts && { names: endpointNames(labParts.region) };
    const cluster = await startCluster(tools, serviceCidr, onPart, advertised);
    const api = new Api(new Client(cluster.address));
    const mirror = new Mirror(api, () => this.#tell(), record);
    // No news: a container that never starts must not keep a wait from timing out.
    const onRestart = () => this.#follow();
    const operatorProcess = new OperatorProcess({ cluster, api, operatorFile, onRestart });
    const onChange = () => this.#activity.changed();
    const lab =
      labParts &&
      new LabNodes({ ...labParts, api, cluster, mirror, cloud: this.#cloud, serviceCidr, onChange });
    const live = new Live(api, mirror, this.#cloud, {
      crds,
      operatorProcess,
      isOperatorBroken: () => this.operatorBroken,
      lab,
    });
    await live.begin();
    const played = new PlayedSide(mirror, this.#cloud);
    cluster.serve(lab ?? played, new CalicoApi(api, cluster.address));
    const charts = await startChartRepository(cluster.ownCertificate, this.#parts.calicoVersions);
    this.#now = { cluster, api, mirror, live, lab, played, charts };
    return this.#now;
  }

  /** Objects of the API server; undefined: none runs. */
  get api(): Api | undefined {
    return this.#now?.api;
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#now = undefined;
    const found = await running?.catch(() => undefined);
    found?.live.stop();
    found?.charts.stop();
    await found?.lab?.stop();
    found?.mirror.stop();
    found?.api.client.close();
    await found?.cluster.stop();
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
