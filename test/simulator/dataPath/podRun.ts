import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../realKubernetes/api.ts";
import { removeGroup } from "./cgroups.ts";
import { Container, logFileOf } from "./container.ts";
import { imageOf } from "./images.ts";
import { type ContainerSpec, type EnvVar, fieldOf, type Pod } from "./podSpec.ts";
import { type ContainerState, podStatus } from "./podStatus.ts";
import { probe } from "./probes.ts";
import { Sandbox } from "./sandbox.ts";
import type { Space } from "./space.ts";
import { dataOf, writeVolumes } from "./volumes.ts";

/** Field manager of what a node's agent writes. */
export const manager = "kubelet";

const retryMilliseconds = 500;

/** The kubelet waits 10 s before it starts a container again, then twice as long each time, up to 5 minutes. */
const backOffSeconds = (restarts: number) => (restarts <= 1 ? 0 : Math.min(300, 10 * 2 ** (restarts - 2)));

/** What a pod's node is to it. */
export interface Home {
  readonly api: Api;
  readonly space: Space;
  readonly nodeIp: string;
  /** Address of service `kubernetes`. */
  readonly kubernetesService: string;
}

/** One pod on its node, from its first container to its end. */
export class PodRun {
  readonly pod: Pod;
  readonly #home: Home;
  readonly #folder: string;
  readonly #cgroup: string;
  readonly #sandbox: Sandbox | undefined;
  readonly #states = new Map<string, ContainerState>();
  readonly #containers = new Map<string, Container>();
  #ip = "";
  #stopping = false;
  #written = "";
  #writing: Promise<void> = Promise.resolve();
  readonly #life: Promise<void>;

  constructor(home: Home, pod: Pod) {
    this.pod = pod;
    this.#home = home;
    this.#folder = join(home.space.shared, "pods", pod.metadata.uid);
    this.#cgroup = join(home.space.cgroup, `pod-${pod.metadata.uid}`);
    this.#sandbox = pod.spec.hostNetwork === true ? undefined : new Sandbox(home.space, pod);
    for (const folder of [this.#folder, this.#cgroup]) mkdirSync(folder, { recursive: true });
    this.#life = this.#live();
  }

  /** The pod's address; empty while it has none. */
  get ip(): string {
    return this.#ip;
  }

  container(name: string): Container | undefined {
    return this.#containers.get(name);
  }

  /** What a container has written, a line each, oldest first. */
  log(container: string): string[] {
    const file = logFileOf(this.#folder, container);
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  /** Its node is gone: nothing is started again. */
  abandon(): void {
    this.#stopping = true;
  }

  /** Ends the pod: its containers, then its network. */
  async stop(graceSeconds: number): Promise<void> {
    this.#stopping = true;
    await Promise.all([...this.#containers.values()].map((container) => container.stop(graceSeconds)));
    await this.#life;
    if (this.#ip !== "") await this.#sandbox?.remove().catch(() => {});
    await removeGroup(this.#cgroup);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #live(): Promise<void> {
    const { nodeIp } = this.#home;
    if (this.#sandbox === undefined) this.#ip = nodeIp;
    else await this.#until("sandbox", async () => (this.#ip = (await this.#sandbox?.add()) ?? ""));
    for (const spec of this.pod.spec.initContainers ?? []) {
      for (let restarts = 0; !this.#stopping; restarts++) {
        const code = await this.#runOnce(spec, restarts);
        if (code === 0 || this.#stopping) break;
      }
    }
    await Promise.all(this.pod.spec.containers.map((spec) => this.#keep(spec)));
  }

  /** Does it, again and again, until it succeeds or the pod is to end. */
  async #until(what: string, act: () => Promise<unknown>): Promise<void> {
    while (!this.#stopping) {
      try {
        await act();
        this.#states.delete(what);
        return;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#note(what, { waiting: "ContainerCreating", message, restarts: 0 });
        await sleep(retryMilliseconds);
      }
    }
  }

  async #keep(spec: ContainerSpec): Promise<void> {
    const { restartPolicy = "Always" } = this.pod.spec;
    for (let restarts = 0; !this.#stopping; restarts++) {
      const code = await this.#runOnce(spec, restarts);
      if (this.#stopping || restartPolicy === "Never" || (restartPolicy === "OnFailure" && code === 0))
        return;
    }
  }

  /** Starts a container, and returns its exit code when it has ended. */
  async #runOnce(spec: ContainerSpec, restarts: number): Promise<number> {
    const image = imageOf(spec.image);
    if (image === undefined) {
      const message = `no program stands for image "${spec.image}" on this machine`;
      this.#note(spec.name, { waiting: "ErrImagePull", message, restarts });
      await sleep(backOffSeconds(3) * 1000, undefined, { ref: false });
      return 1;
    }
    const seconds = backOffSeconds(restarts);
    if (seconds > 0)
      this.#note(spec.name, { ...this.#states.get(spec.name), waiting: "CrashLoopBackOff", restarts });
    for (const until = Date.now() + seconds * 1000; Date.now() < until && !this.#stopping; ) await sleep(100);
    let container: Container | undefined;
    await this.#until(spec.name, async () => {
      container = await this.#create(spec, image);
    });
    if (container === undefined) return 1;
    const running = container;
    const note = (more: Partial<ContainerState>) =>
      this.#note(spec.name, { startedAt: running.startedAt, restarts, ...more });
    note({ running: true, ready: false });
    if (image.rests === true) note({ running: true, ready: true });
    else
      void probe(
        { space: this.#home.space, container: running, ip: this.#ip },
        {
          onReady: (ready) => note({ running: true, ready }),
          onFailed: () => void running.stop(this.pod.spec.terminationGracePeriodSeconds ?? 30),
        },
      );
    const exitCode = await running.ended;
    note({ exitCode, finishedAt: new Date() });
    return exitCode;
  }

  async #create(spec: ContainerSpec, image: NonNullable<ReturnType<typeof imageOf>>): Promise<Container> {
    const { api, space, nodeIp } = this.#home;
    const place = { nodeIp, podIp: this.#ip };
    const volumes = await writeVolumes(api, this.pod, place, this.#folder);
    const { hostNetwork, dnsPolicy = "ClusterFirst" } = this.pod.spec;
    const asksCluster =
      dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && hostNetwork !== true);
    const resolverFile = asksCluster ? this.#writeResolver() : undefined;
    const container = new Container(space, {
      ...(resolverFile === undefined ? {} : { resolverFile }),
      spec,
      image,
      env: { ...image.env, ...(await this.#environment(spec)) },
      volumes,
      folder: this.#folder,
      cgroup: this.#cgroup,
      ...(this.#sandbox === undefined
        ? {}
        : { network: { namespace: this.#sandbox.name, hostName: this.pod.metadata.name } }),
    });
    this.#containers.set(spec.name, container);
    await container.begun();
    return container;
  }

  /** Names as the kubelet lets pods look them up: in their namespace first, by the tenth address of the services. */
  #writeResolver(): string {
    const file = join(this.#folder, "resolv.conf");
    const { namespace } = this.pod.metadata;
    const resolver = this.#home.kubernetesService.replace(/\d+$/, "10");
    const search = [`${namespace}.svc.cluster.local`, "svc.cluster.local", "cluster.local"].join(" ");
    writeFileSync(file, `search ${search}\nnameserver ${resolver}\noptions ndots:5\n`);
    return file;
  }

  async #environment({ env = [] }: ContainerSpec): Promise<Record<string, string>> {
    const { kubernetesService, space } = this.#home;
    const found: Record<string, string> = {
      HOSTNAME: this.pod.spec.hostNetwork === true ? space.name : this.pod.metadata.name,
      KUBERNETES_SERVICE_HOST: kubernetesService,
      KUBERNETES_SERVICE_PORT: "443",
    };
    for (const one of env) {
      const value = await this.#value(one);
      if (value !== undefined) found[one.name] = value;
    }
    return found;
  }

  /** Value of a variable; undefined: it is optional, and what it is taken from is not there. */
  async #value({ value = "", valueFrom = {} }: EnvVar): Promise<string | undefined> {
    const { fieldRef, configMapKeyRef: map, secretKeyRef: secret } = valueFrom;
    if (fieldRef !== undefined) {
      return fieldOf(this.pod, fieldRef.fieldPath, { nodeIp: this.#home.nodeIp, podIp: this.#ip });
    }
    const ref = map ?? secret;
    if (ref === undefined) return value;
    const kind = map === undefined ? "Secret" : "ConfigMap";
    const data = await dataOf(this.#home.api, this.pod, kind, ref.name);
    const text = data?.get(ref.key)?.toString();
    if (text === undefined && ref.optional !== true) {
      throw new Error(`couldn't find key ${ref.key} in ${kind} ${ref.name}`);
    }
    return text;
  }

  #note(name: string, state: ContainerState): void {
    this.#states.set(name, state);
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const status = podStatus(this.pod, this.#states, { nodeIp: this.#home.nodeIp, podIp: this.#ip });
    const text = JSON.stringify(status, (key, value) => (key === "lastTransitionTime" ? undefined : value));
    if (text === this.#written) return;
    this.#written = text;
    // A pod that is gone needs no status.
    await this.#home.api.merge(this.pod, { status }, manager, "status").catch(() => {
      this.#written = "";
    });
  }
}
