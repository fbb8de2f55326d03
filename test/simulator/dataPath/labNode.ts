import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Api } from "../realKubernetes/api.ts";
import { calicoFolder } from "./images.ts";
import { manager, PodRun } from "./podRun.ts";
import type { Pod } from "./podSpec.ts";
import { stamp } from "./podStatus.ts";
import { cniConfiguration } from "./sandbox.ts";
import { Space } from "./space.ts";
import type { Connection, Vpc } from "./vpc.ts";

/** Programs that nodes run. */
export interface NodePrograms {
  /** Folder laid out as Calico's images: `usr/bin/calico-node`, `usr/lib/calico/bpf`, `opt/cni/bin`. */
  readonly calico: string;
  readonly kubeProxy: string;
  readonly agnhost: string;
  readonly coreDns: string;
  /** Folder laid out as `/app` of the VPC CNI's image. Absent: no stack here has it. */
  readonly vpcCni?: string;
}

/** A node to start. */
export interface NodeOptions {
  readonly name: string;
  readonly connection: Connection;
  readonly labels?: Readonly<Record<string, string>>;
  /** `aws:///eu-west-1a/i-…` */
  readonly providerId: string;
  /** Names that the node resolves by itself, with their addresses, as the VPC's resolver would. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Certificate, in PEM, of who signs for the endpoints of AWS here. */
  readonly trusted: string;
}

/** The VPC's resolver, as every instance knows it. */
export const resolverIp = "169.254.169.253";

const heartbeatMilliseconds = 10_000;

const room = { cpu: "4", memory: "8Gi", pods: "110" };

/**
 * A node: a machine of the lab, its registration with the API server, and an agent that runs its pods. An agent of this
 * program instead of the kubelet with containerd: those want images, a registry or an import for each, and version 2
 * control groups for everything, and take 150 MB a node; this one starts the programs of the pods directly.
 */
export class LabNode {
  readonly name: string;
  readonly ip: string;
  readonly space: Space;
  readonly #api: Api;
  readonly #options: NodeOptions;
  readonly #kubernetesService: string;
  readonly #pods = new Map<string, PodRun>();
  readonly #ending = new Map<string, Promise<void>>();
  #stopped = false;
  #isReady = false;

  private constructor(api: Api, space: Space, options: NodeOptions, kubernetesService: string) {
    this.#api = api;
    this.space = space;
    this.name = options.name;
    this.ip = options.connection.ip;
    this.#options = options;
    this.#kubernetesService = kubernetesService;
  }

  static async start(
    parts: { readonly api: Api; readonly vpc: Vpc; readonly folder: string; readonly cgroup: string },
    programs: NodePrograms,
    options: NodeOptions,
    kubernetesService: string,
  ): Promise<LabNode> {
    const { api, vpc, folder, cgroup } = parts;
    const { name, connection, hosts, trusted } = options;
    const { calico, kubeProxy, agnhost, coreDns, vpcCni } = programs;
    const folders = vpcCni === undefined ? [calico] : [calico, vpcCni];
    const visible = [...folders, ...[kubeProxy, agnhost, coreDns].map((path) => join(path, ".."))];
    const space = await Space.start({ name, folder, cgroup, visible });
    const links = [
      [calico, calicoFolder],
      [`${calicoFolder}/usr/lib/calico`, "/usr/lib/calico"],
      [`${calicoFolder}/usr/bin/calico-node`, "/usr/bin/calico-node"],
      [kubeProxy, "/usr/local/bin/kube-proxy"],
      [agnhost, "/agnhost"],
      [coreDns, "/coredns"],
      ...(vpcCni === undefined ? [] : [[vpcCni, "/app"]]),
    ];
    const names = [...hosts].map(([host, ip]) => `${ip} ${host}`);
    const script = [
      ...links.map(([to, from]) => `ln -sfn '${to}' '${from}'`),
      `printf '%s\\n' '127.0.0.1 localhost ${name}' ${names.map((line) => `'${line}'`).join(" ")} > /etc/hosts`,
      `echo 'nameserver ${resolverIp}' > /etc/resolv.conf`,
      "mkdir -p /etc/cni/net.d /opt/cni/bin /var/lib/calico /var/log/calico/cni /var/run/nodeagent",
      "cat >> /etc/ssl/certs/ca-certificates.crt",
      "sysctl -qw net.ipv4.ip_forward=1",
      // By this chain, which the kubelet writes, others see which iptables the node uses.
      "iptables -t mangle -N KUBE-IPTABLES-HINT",
    ];
    await space.must(["sh", "-ec", script.join("\n")], { input: trusted });
    await vpc.connect(space, connection);
    const node = new LabNode(api, space, options, kubernetesService);
    await node.#register();
    void node.#beat();
    return node;
  }

  /** Takes in the pods that are to run here. */
  follow(pods: readonly Pod[]): void {
    if (this.#stopped) return;
    for (const pod of pods) {
      const { uid, deletionTimestamp } = pod.metadata;
      if (deletionTimestamp !== undefined) void this.#end(pod);
      else if (!this.#pods.has(uid) && !isOver(pod)) {
        const home = {
          api: this.#api,
          space: this.space,
          nodeIp: this.ip,
          kubernetesService: this.#kubernetesService,
        };
        this.#pods.set(uid, new PodRun(home, pod));
      }
    }
    // One that was deleted with no time left is not said to be deleted: it is gone.
    const present = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const [uid, { pod }] of this.#pods) if (!present.has(uid)) void this.#end(pod, 0);
  }

  /** The pod of a name, if it runs here. */
  pod(namespace: string, name: string): PodRun | undefined {
    return [...this.#pods.values()].find(
      ({ pod }) => pod.metadata.namespace === namespace && pod.metadata.name === name,
    );
  }

  get pods(): readonly PodRun[] {
    return [...this.#pods.values()];
  }

  /** The machine fails: nothing says good-bye. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const pod of this.pods) pod.abandon();
    await this.space.stop();
  }

  #end(pod: Pod, graceSeconds = pod.spec.terminationGracePeriodSeconds ?? 30): Promise<void> {
    const { uid } = pod.metadata;
    const ending = this.#ending.get(uid) ?? this.#endNow(pod, graceSeconds);
    this.#ending.set(uid, ending);
    return ending;
  }

  async #endNow(pod: Pod, graceSeconds: number): Promise<void> {
    const { uid } = pod.metadata;
    await this.#pods.get(uid)?.stop(graceSeconds);
    this.#pods.delete(uid);
    await this.#api.delete(pod, { gracePeriodSeconds: 0, preconditions: { uid } }).catch(() => {});
    this.#ending.delete(uid);
  }

  async #register(): Promise<void> {
    const { labels = {}, providerId } = this.#options;
    const metadata = { name: this.name };
    await this.#api.apply(
      {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
          ...metadata,
          labels: { ...labels, "kubernetes.io/hostname": this.name, "kubernetes.io/os": "linux" },
        },
        spec: { providerID: providerId },
      },
      { manager },
    );
    const kernelVersion = (await this.space.must(["uname", "-r"])).trim();
    const status = {
      addresses: [
        { type: "InternalIP", address: this.ip },
        { type: "Hostname", address: this.name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
      capacity: room,
      allocatable: room,
      nodeInfo: {
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        bootID: this.name,
        containerRuntimeVersion: "namespaces://1",
        kernelVersion,
        kubeProxyVersion: "",
        kubeletVersion: await this.#kubernetesVersion(),
        machineID: this.name,
        operatingSystem: "linux",
        osImage: "lab",
        systemUUID: this.name,
      },
      conditions: conditions(false),
    };
    await this.#api.merge({ apiVersion: "v1", kind: "Node", metadata }, { status }, manager, "status");
  }

  async #kubernetesVersion(): Promise<string> {
    const { gitVersion } = await this.#api.client.send({ method: "GET", path: "/version" });
    return String(gitVersion);
  }

  /** Renews its lease, and says that it is ready once the installer has written a CNI configuration. */
  async #beat(): Promise<void> {
    let renewed = 0;
    while (!this.#stopped && this.space.lives) {
      try {
        if (Date.now() - renewed > heartbeatMilliseconds) {
          await this.#renew();
          renewed = Date.now();
        }
        if (!this.#isReady) await this.#look();
      } catch {
        // The API server is busy or gone: it is tried again.
      }
      await sleep(this.#isReady ? heartbeatMilliseconds : 500, undefined, { ref: false });
    }
  }

  async #look(): Promise<void> {
    if ((await cniConfiguration(this.space)) === undefined) return;
    const name = { apiVersion: "v1", kind: "Node", metadata: { name: this.name } };
    await this.#api.merge(name, { status: { conditions: conditions(true) } }, manager, "status");
    this.#isReady = true;
  }

  async #renew(): Promise<void> {
    await this.#api.apply(
      {
        apiVersion: "coordination.k8s.io/v1",
        kind: "Lease",
        metadata: { name: this.name, namespace: "kube-node-lease" },
        spec: {
          holderIdentity: this.name,
          leaseDurationSeconds: 40,
          renewTime: new Date().toISOString().replace("Z", "000Z"),
        },
      },
      { manager, force: true },
    );
  }
}

function isOver({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function conditions(ready: boolean): object[] {
  const now = stamp(new Date());
  const stamps = { lastHeartbeatTime: now, lastTransitionTime: now };
  const healthy = ["MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => ({
    type,
    status: "False",
    reason: "KubeletHasSufficientResources",
    message: "",
    ...stamps,
  }));
  const why = ready
    ? { status: "True", reason: "KubeletReady", message: "the node's agent is posting ready status" }
    : { status: "False", reason: "KubeletNotReady", message: "cni plugin not initialized" };
  return [...healthy, { type: "Ready", ...why, ...stamps }];
}
