import { stringify } from "yaml";
import type { AutoScalingGroup, CloudView, ControllersView } from "../kubernetes/cloudView.ts";
import { karpenterKinds } from "../kubernetes/karpenterObjects.ts";
import { at, type KubernetesObject } from "../kubernetes/object.ts";
import type { Instance } from "../world/instance.ts";
import type { Api } from "./api.ts";
import type { Mirror } from "./mirror.ts";
import { isReady, nodeNameOf, runningPods, setReady } from "./pods.ts";

/** Time after which the Cluster Autoscaler's status is written again; the real one writes it every ten seconds. */
const statusMilliseconds = 60_000;

/** What `npm run verify` reads of controllers whose pods kwok plays: the objects that they write. */
export class Controllers {
  readonly #api: Api;
  readonly #mirror: Mirror;
  readonly #cloud: CloudView;
  /** Ids of the instances on which the EBS CSI driver has registered. */
  readonly #registered = new Set<string>();
  #status = { text: "", at: 0 };

  constructor(api: Api, mirror: Mirror, cloud: CloudView) {
    this.#api = api;
    this.#mirror = mirror;
    this.#cloud = cloud;
  }

  /** Looks at the cluster and writes what has changed. */
  async step(): Promise<void> {
    const { controllers } = this.#cloud;
    if (controllers === undefined) return;
    await this.#runEbsDriver(controllers);
    if (this.#isAvailable("cluster-autoscaler")) await this.#runAutoscaler(controllers);
    if (this.#isAvailable("karpenter")) await this.#runKarpenter(controllers);
  }

  #isAvailable(name: string): boolean {
    const deployment = this.#mirror.get(`apps/v1/Deployment/kube-system/${name}`);
    return Number(at(deployment, "status.availableReplicas") ?? 0) > 0;
  }

  /** Its controller asks EC2 whether it may, before it is ready; its pods on the nodes register with the kubelet. */
  async #runEbsDriver({ credentialsProblem }: ControllersView): Promise<void> {
    const problem = credentialsProblem("ebs-csi-controller-sa");
    for (const pod of runningPods(this.#mirror, "ebs-csi-controller")) {
      await setReady(this.#api, this.#mirror, pod, problem);
    }
    const byNode = new Map([...this.#cloud.instances.values()].map((one) => [one.nodeName, one]));
    for (const pod of runningPods(this.#mirror, "ebs-csi-node").filter(isReady)) {
      const instance = byNode.get(nodeNameOf(pod));
      if (instance === undefined || this.#registered.has(instance.id)) continue;
      await this.#api.apply(csiNode(instance), { manager: "kubelet" });
      this.#registered.add(instance.id);
    }
  }

  async #runAutoscaler(view: ControllersView): Promise<void> {
    const ready = (group: AutoScalingGroup) =>
      [...this.#cloud.instances.values()].filter(
        (one) => one.ready && one.nodeGroupName === group.nodeGroupName,
      ).length;
    const status =
      view.credentialsProblem("cluster-autoscaler") === undefined
        ? {
            autoscalerStatus: "Running",
            nodeGroups: view.groups().map((one) => groupStatus(one, ready(one))),
          }
        : { autoscalerStatus: "Initializing" };
    const text = stringify(status);
    if (text === this.#status.text && Date.now() - this.#status.at < statusMilliseconds) return;
    this.#status = { text, at: Date.now() };
    const time = `${new Date().toISOString().replace("T", " ").replace("Z", "")} +0000 UTC`;
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "cluster-autoscaler-status", namespace: "kube-system" },
      data: { status: stringify({ time, ...status }) },
    };
    await this.#api.apply(configMap, { manager: "cluster-autoscaler" });
  }

  async #runKarpenter({ credentialsProblem }: ControllersView): Promise<void> {
    const problem = credentialsProblem("karpenter");
    for (const [{ apiVersion, kind }, part] of [
      [karpenterKinds.nodeClass, "AMIsReady"],
      [karpenterKinds.nodePool, "NodeClassReady"],
    ] as const) {
      if (await this.#api.serves({ apiVersion, kind })) await this.#mirror.follow(apiVersion, kind);
      for (const object of this.#mirror.ofKind(apiVersion, kind)) await this.#report(object, part, problem);
    }
  }

  /** Writes whether an object is ready, by one part of it and as a whole. */
  async #report(object: KubernetesObject, part: string, problem: string | undefined): Promise<void> {
    const status = problem === undefined ? "True" : "False";
    if (at(object, "status.conditions.0.status") === status) return;
    const lastTransitionTime = new Date().toISOString();
    const condition = (type: string, message = "") => ({
      type,
      status,
      reason: type,
      message,
      lastTransitionTime,
    });
    const conditions = [condition(part, problem), condition("Ready")];
    this.#mirror.take(await this.#api.merge(object, { status: { conditions } }, "karpenter", "status"));
  }
}

function csiNode({ nodeName, id }: Instance): KubernetesObject {
  const registered = { name: "ebs.csi.aws.com", nodeID: id, allocatable: { count: 25 }, topologyKeys: [] };
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "CSINode",
    metadata: { name: nodeName },
    spec: { drivers: [registered] },
  };
}

function groupStatus({ name, min, max, desired }: AutoScalingGroup, ready: number) {
  return {
    name,
    health: {
      status: "Healthy",
      nodeCounts: { registered: { total: ready, ready } },
      cloudProviderTarget: desired,
      minSize: min,
      maxSize: max,
    },
    scaleUp: { status: "NoActivity" },
  };
}
