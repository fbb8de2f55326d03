import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Instance } from "../world/instance.ts";
import type { Api } from "./api.ts";
import { playedNode } from "./cluster.ts";
import { kubeletPort } from "./kubelets/kubelets.ts";
import type { Mirror } from "./mirror.ts";

/** Field manager of what a node's kubelet writes. */
const manager = "kubelet";

/** Pods that a node of these instance types has room for; the scheduler only needs a number. */
const maxPods = "110";

/** Registers simulated instances as nodes, and keeps their state. */
export class Nodes {
  readonly #api: Api;
  readonly #mirror: Mirror;
  readonly #registered = new Map<string, Instance>();
  /** Ids of the instances whose node is there. */
  readonly #joined = new Set<string>();
  readonly #ready = new Set<string>();
  /** Removals under way, by the node's name: a new instance may get the address, and so the name, of one that goes. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(api: Api, mirror: Mirror) {
    this.#api = api;
    this.#mirror = mirror;
  }

  /** Brings nodes in for new instances, takes those away whose instance is gone. */
  async follow(instances: readonly Instance[], kubernetesVersion: string): Promise<void> {
    const present = new Set(instances.map(({ id }) => id));
    const gone = [...this.#registered.values()].filter(({ id }) => !present.has(id));
    const fresh = instances.filter(({ id }) => !this.#registered.has(id));
    // Before anything is awaited, so that the next look does not register them again.
    for (const { id } of gone) this.#registered.delete(id);
    for (const instance of fresh) this.#registered.set(instance.id, instance);
    await Promise.all([
      ...gone.map((instance) => this.#leave(instance)),
      ...fresh.map((instance) => this.#register(instance, kubernetesVersion)),
    ]);
  }

  /** The node's container runtime has found a CNI configuration. */
  async becomeReady(instance: Instance): Promise<void> {
    // A pod that still seems to run may be of a former node of the same name.
    if (!this.#joined.has(instance.id) || this.#ready.has(instance.id)) return;
    const { metadata } = nodeOf(instance);
    const name = { apiVersion: "v1", kind: "Node", metadata };
    this.#mirror.take(await this.#api.merge(name, { status: conditions(true) }, manager, "status"));
    this.#ready.add(instance.id);
    instance.ready = true;
  }

  async #register(instance: Instance, kubernetesVersion: string): Promise<void> {
    try {
      await this.#leaving.get(instance.nodeName);
      await this.#api.apply(nodeOf(instance), { manager });
      const status = { ...statusOf(instance, kubernetesVersion), ...conditions(false) };
      this.#mirror.take(await this.#api.merge(nodeOf(instance), { status }, manager, "status"));
      this.#joined.add(instance.id);
    } catch (error) {
      // A kubelet tries again.
      this.#registered.delete(instance.id);
      throw error;
    }
  }

  async #leave(instance: Instance): Promise<void> {
    const { nodeName } = instance;
    const removal = this.#remove(instance).finally(() => this.#leaving.delete(nodeName));
    this.#leaving.set(nodeName, removal);
    await removal;
  }

  /** The instance is gone, and its pods with it; the cloud's controller takes the node away. */
  async #remove({ nodeName, id }: Instance): Promise<void> {
    this.#joined.delete(id);
    this.#ready.delete(id);
    const here = this.#mirror
      .ofKind("v1", "Pod")
      .filter(({ spec }) => (spec as { nodeName?: string } | undefined)?.nodeName === nodeName);
    await this.#api.delete({ apiVersion: "v1", kind: "Node", metadata: { name: nodeName } });
    await this.#api.delete({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      metadata: { name: nodeName },
    });
    await Promise.all(here.map((pod) => this.#api.delete(pod, { gracePeriodSeconds: 0 })));
  }
}

function nodeOf(instance: Instance): KubernetesObject {
  const { id, nodeName, subnetId, instanceType, architecture } = instance;
  const region = nodeName.split(".")[1] ?? "";
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: nodeName,
      annotations: { ...playedNode },
      labels: {
        ...instance.labels,
        "kubernetes.io/hostname": nodeName,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture === "arm64" ? "arm64" : "amd64",
        "node.kubernetes.io/instance-type": instanceType,
        "topology.kubernetes.io/region": region,
      },
    },
    spec: {
      providerID: `aws:///${subnetId}/${id}`,
      ...(instance.taints.length === 0 ? {} : { taints: [...instance.taints] }),
    },
  };
}

function statusOf(instance: Instance, kubernetesVersion: string) {
  const { privateIp, nodeName, kernel, architecture, family } = instance;
  const room = { cpu: "2", memory: "8Gi", pods: maxPods };
  return {
    addresses: [
      { type: "InternalIP", address: privateIp },
      { type: "Hostname", address: nodeName },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    capacity: room,
    allocatable: room,
    nodeInfo: {
      architecture: architecture === "arm64" ? "arm64" : "amd64",
      bootID: instance.id,
      containerRuntimeVersion: "containerd://2.1.4",
      kernelVersion: kernel,
      kubeProxyVersion: "",
      kubeletVersion: kubernetesVersion,
      machineID: instance.id,
      operatingSystem: "linux",
      osImage: family === "Bottlerocket" ? "Bottlerocket OS" : "Amazon Linux 2023",
      systemUUID: instance.id,
    },
  };
}

function conditions(ready: boolean) {
  const now = new Date().toISOString().replace(/\.\d+/, "");
  const stamps = { lastHeartbeatTime: now, lastTransitionTime: now };
  const healthy = ["MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => ({
    type,
    status: "False",
    reason: "KubeletHasSufficientResources",
    message: "",
    ...stamps,
  }));
  const condition = ready
    ? { type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status" }
    : {
        type: "Ready",
        status: "False",
        reason: "KubeletNotReady",
        message:
          "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
      };
  return { conditions: [...healthy, { ...condition, ...stamps }] };
}
