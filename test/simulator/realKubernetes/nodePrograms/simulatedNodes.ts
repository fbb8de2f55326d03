import { at, type KubernetesObject, keyOf } from "../../kubernetes/object.ts";
import type { Api } from "../api.ts";
import { type Client, type Connected, connect, type Destination } from "../dataPath/connect.ts";
import type { TrackedConnection } from "../dataPath/conntrack.ts";
import type { Network, NodeFaults, PathNode, ServicePort } from "../dataPath/network.ts";
import type { ContainerName, NodePrograms, Outcome, Running } from "../kubelets/programs.ts";
import { Mirror } from "../mirror.ts";
import { felixName, installationName } from "../operator.ts";
import { isReady, nodeNameOf } from "../pods.ts";
import { containerEnvironment } from "./environment.ts";
import { imageOf } from "./images.ts";
import { resourceMetrics } from "./resourceMetrics.ts";
import { servicePorts } from "./servicePorts.ts";
import type { Surroundings } from "./surroundings.ts";

/** Connections that a node's table keeps; older ones are forgotten. */
const maxTracked = 500;

/** What a program prints may be so old, and so many times older than the look took. */
const fresh = { milliseconds: 50, timesAsLong: 10 } as const;

/** What was there at a moment. */
interface Snapshot {
  readonly network: Network;
  /** Running pods, by their nodes. */
  readonly pods: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** Until when it will do, as `performance.now` counts. */
  readonly until: number;
}

/** What runs on the simulated nodes: a data path, and the programs in the containers on it. */
export class SimulatedNodes implements NodePrograms {
  readonly surroundings: Surroundings;
  readonly #api: Api;
  readonly #mirror: Mirror;
  readonly #services: Mirror;
  readonly #faults = new Map<string, NodeFaults>();
  readonly #frozen = new Map<string, readonly ServicePort[]>();
  readonly #tracked = new Map<string, TrackedConnection[]>();
  #latest: Snapshot | undefined;
  #turn = 0;
  #clientPort = 40_000;

  /** @param mirror follows pods and Calico's configuration */
  constructor(api: Api, mirror: Mirror, surroundings: Surroundings) {
    this.#api = api;
    this.#mirror = mirror;
    this.surroundings = surroundings;
    this.#services = new Mirror(api, () => {});
  }

  /** Begins to follow services and their endpoints. */
  async begin(): Promise<void> {
    await this.#services.follow("v1", "Service");
    await this.#services.follow("discovery.k8s.io/v1", "EndpointSlice");
  }

  /** Breaks something at one node, beside what is broken there already. */
  break(nodeName: string, faults: NodeFaults): void {
    this.#latest = undefined;
    this.#faults.set(nodeName, { ...this.#faults.get(nodeName), ...faults });
    if (faults.natTables === "frozen") this.#frozen.set(nodeName, this.#servicePorts());
  }

  /** Mends everything. */
  mend(): void {
    this.#latest = undefined;
    this.#faults.clear();
    this.#frozen.clear();
  }

  stop(): void {
    this.#services.stop();
  }

  async find(name: ContainerName): Promise<Running | string> {
    const { namespace, pod: podName, container } = name;
    const pod = await this.#pod(namespace, podName);
    const spec = ((at(pod, "spec.containers") ?? []) as readonly { name: string; image: string }[]).find(
      (one) => one.name === container,
    );
    if (pod === undefined || spec === undefined) return `container ${container} of ${podName} not found`;
    if (at(pod, "status.phase") !== "Running") return `container ${container} of ${podName} is not running`;
    const node = nodeNameOf(pod);
    const apiServer = String(at(this.service("default", "kubernetes"), "spec.clusterIP"));
    const env = { ...containerEnvironment(pod, container, apiServer), ...this.#faultyEnvironment(node) };
    return { ...name, node, programs: Object.keys(imageOf(spec.image).programs), env };
  }

  #faultyEnvironment(nodeName: string): Record<string, string> {
    const { apiServer } = this.#faults.get(nodeName) ?? {};
    return apiServer === undefined
      ? {}
      : { KUBERNETES_SERVICE_HOST: apiServer.host, KUBERNETES_SERVICE_PORT: apiServer.port };
  }

  async run(container: Running, program: string, args: readonly string[]): Promise<Outcome> {
    const pod = await this.#pod(container.namespace, container.pod);
    const node = this.node(container.node);
    if (pod === undefined || node === undefined) return { exitCode: 137, stderr: "the pod is gone\n" };
    const { image } = containerOf(pod, container.container);
    const found = imageOf(image).programs[program];
    if (found === undefined) return { exitCode: 127, stderr: `${program}: not found\n` };
    return found({ args, pod, node, nodes: this });
  }

  async logs({ namespace, pod: podName, container, node: nodeName }: Running): Promise<readonly string[]> {
    const pod = await this.#pod(namespace, podName);
    const node = this.node(nodeName);
    if (pod === undefined || node === undefined) return [];
    return imageOf(containerOf(pod, container).image).logs({ pod, node, nodes: this });
  }

  async answer(host: string, port: number, path: string): Promise<string | undefined> {
    const ip = this.surroundings.controlPlaneIp();
    if (ip === undefined) return undefined;
    const client = { ip, port: this.nextPort(), isPod: false };
    const connected = this.connect(client, { ip: host, port, protocol: "tcp" });
    return connected.ok ? this.served(connected, client, path) : undefined;
  }

  reachesHostPod(host: string, port: number): boolean {
    const instance = this.surroundings.nodes().find(({ privateIp }) => privateIp === host);
    if (instance === undefined || !this.surroundings.allowsFromControlPlane(instance, "tcp", port))
      return false;
    return this.#pods().some(
      (pod) =>
        at(pod, "spec.hostNetwork") === true &&
        nodeNameOf(pod) === instance.nodeName &&
        isReady(pod) &&
        JSON.stringify(at(pod, "spec.containers")).includes(`=${port}`),
    );
  }

  kubelet(host: string, path: string): string | undefined {
    const isNode = this.network().nodes.some(({ ip }) => ip === host);
    return isNode && path === "/metrics/resource" ? resourceMetrics() : undefined;
  }

  /** Opens a connection; what nodes keep of it is in their tables afterwards. */
  connect(client: Client, asked: Destination): Connected {
    const connected = connect(this.network(), client, asked, this.#turn++);
    if (!connected.ok) return connected;
    for (const [nodeName, entry] of connected.tracked) {
      const kept = this.#tracked.get(nodeName) ?? [];
      this.#tracked.set(nodeName, [...kept.slice(1 - maxTracked), entry]);
    }
    return connected;
  }

  /** What the server that a connection leads to answers; undefined: nothing listens there. */
  served({ to, seenAs }: Connected & { ok: true }, client: Client, path: string): string | undefined {
    const pod = this.podAt(to.ip, to.port);
    if (pod === undefined) return this.#isApiServer(to.ip, to.port) ? "ok" : undefined;
    const image = String(at(pod, "spec.containers.0.image"));
    return imageOf(image).serves?.({ pod, port: to.port, path, seenAs: `${seenAs}:${client.port}` });
  }

  /** A port that a client opens a connection from. */
  nextPort(): number {
    this.#clientPort = this.#clientPort === 60_999 ? 40_000 : this.#clientPort + 1;
    return this.#clientPort;
  }

  trackedAt(nodeName: string): readonly TrackedConnection[] {
    return this.#tracked.get(nodeName) ?? [];
  }

  service(namespace: string, name: string): KubernetesObject | undefined {
    return this.#services.get(`v1/Service/${namespace}/${name}`);
  }

  /** The running pod at an address; of several on a node's own address, one that has this port. */
  podAt(ip: string, port: number): KubernetesObject | undefined {
    const here = this.#pods().filter((pod) => at(pod, "status.podIP") === ip);
    return here.find((pod) => JSON.stringify(at(pod, "spec.containers")).includes(`${port}`)) ?? here[0];
  }

  node(name: string): PathNode | undefined {
    return this.network().nodes.find((one) => one.name === name);
  }

  /** Running pods with an address of their own on a node. */
  podsOn(nodeName: string): KubernetesObject[] {
    const pods = this.#now().pods.get(nodeName) ?? [];
    return pods.filter((pod) => at(pod, "spec.hostNetwork") !== true);
  }

  /** The data path as it was at most a moment ago: to look at a thousand nodes takes its time. */
  network(): Network {
    return this.#now().network;
  }

  #now(): Snapshot {
    const began = performance.now();
    if (this.#latest === undefined || began > this.#latest.until) {
      const [network, pods] = [this.#look(), Map.groupBy(this.#pods(), nodeNameOf)];
      const took = performance.now() - began;
      const until = performance.now() + Math.max(fresh.milliseconds, took * fresh.timesAsLong);
      this.#latest = { network, pods, until };
    }
    return this.#latest;
  }

  #look(): Network {
    const { surroundings } = this;
    const instances = surroundings.nodes();
    const byName = new Map(instances.map((one) => [one.nodeName, one]));
    const instance = ({ name }: PathNode) => byName.get(name);
    const podNodes = this.#podNodes();
    const pool = at(this.#mirror.get(keyOf(installationName)), "spec.calicoNetwork.ipPools.0");
    const encapsulation = String(at(pool, "encapsulation") ?? "VXLAN") as Network["encapsulation"];
    return {
      nodes: this.#nodes(),
      services: this.#servicePorts(),
      frozen: this.#frozen,
      podNode: (ip) => podNodes.get(ip),
      encapsulation,
      hasKubeProxy: surroundings.kubeProxy() === "Running",
      allows: (from, to, protocol, port) => {
        const [a, b] = [instance(from), instance(to)];
        return a !== undefined && b !== undefined && surroundings.allows(a, b, protocol, port);
      },
      allowsPods: (from, to) => {
        const [a, b] = [instance(from), instance(to)];
        const cidr = String(at(pool, "cidr") ?? "192.168.0.0/16");
        return a !== undefined && b !== undefined && surroundings.allowsFromPod(cidr, a, b);
      },
      allowsOutside: (_, to, protocol, port) => {
        const b = instance(to);
        return b !== undefined && surroundings.allowsFromControlPlane(b, protocol, port);
      },
    };
  }

  #nodes(): PathNode[] {
    const bpf = new Map(this.surroundings.reports().map((one) => [one.nodeName, one.bpf]));
    const mode = at(this.#mirror.get(keyOf(felixName)), "spec.bpfExternalServiceMode");
    return this.surroundings.nodes().map(({ nodeName, privateIp, subnetId, sourceDestCheck }) => {
      const faults = this.#faults.get(nodeName) ?? {};
      return {
        name: nodeName,
        ip: privateIp,
        subnetId,
        sourceDestCheck: sourceDestCheck || faults.hasSourceDestCheck === true,
        bpf: bpf.get(nodeName) === true && faults.hasNoBpf !== true,
        externalService: mode === "DSR" ? "DSR" : "Tunnel",
        faults,
      };
    });
  }

  #servicePorts(): ServicePort[] {
    return servicePorts(
      this.#services.ofKind("v1", "Service"),
      this.#services.ofKind("discovery.k8s.io/v1", "EndpointSlice"),
    );
  }

  #podNodes(): Map<string, string> {
    return new Map(
      this.#pods()
        .filter((pod) => at(pod, "spec.hostNetwork") !== true)
        .map((pod) => [String(at(pod, "status.podIP")), nodeNameOf(pod)]),
    );
  }

  #pods(): KubernetesObject[] {
    return this.#mirror.ofKind("v1", "Pod").filter((pod) => at(pod, "status.phase") === "Running");
  }

  /** The endpoints of service `kubernetes` are the API server itself. */
  #isApiServer(ip: string, port: number): boolean {
    const api = this.#servicePorts().find(({ name }) => name.startsWith("default/kubernetes:"));
    return api?.backends.some((one) => one.ip === ip && one.port === port) ?? false;
  }

  async #pod(namespace: string, name: string): Promise<KubernetesObject | undefined> {
    const key = { apiVersion: "v1", kind: "Pod", metadata: { namespace, name } };
    // What started a moment ago, the watch may not have told of yet.
    const known = this.#mirror.get(keyOf(key));
    return known !== undefined && at(known, "status.phase") === "Running" ? known : this.#api.get(key);
  }
}

function containerOf(pod: KubernetesObject, name: string): { readonly image: string } {
  const all = (at(pod, "spec.containers") ?? []) as readonly { name: string; image: string }[];
  return all.find((one) => one.name === name) ?? { image: "" };
}
