import type { NodeReport } from "../kubernetes/felix.ts";
import { at, type KubernetesObject, keyOf } from "../kubernetes/object.ts";
import type { Api } from "../realKubernetes/api.ts";
import type { Mirror } from "../realKubernetes/mirror.ts";
import { felixName } from "../realKubernetes/names.ts";
import { Nodes } from "../realKubernetes/nodes.ts";
import type { OperatorProcess } from "../realKubernetes/operatorProcess.ts";
import { isReady, nodeNameOf, runningPods, setReady } from "../realKubernetes/pods.ts";
import { heldApps } from "../realKubernetes/stages.ts";
import type { Instance } from "../world/instance.ts";
import { apiServerAddress } from "./seeds.ts";

export interface LifeOptions {
  readonly instances: readonly Instance[];
  /** The real operator. */
  readonly operator: OperatorProcess;
  /** Release that it installs: `3.32.4`. */
  readonly calicoVersion: string;
  /** Whether calico-node starts at all. */
  isBroken(): boolean;
}

/** What calico-node found when its container started. */
interface Start {
  /** Host and port of the API server in its environment; undefined: only the service's address. */
  readonly apiServer: string | undefined;
}

const rightAddress = `${apiServerAddress.host}:${apiServerAddress.port}`;

/** What lives in a cluster that is there: nodes, Felix on each, and the operator where Calico has one. */
export class Life {
  readonly #api: Api;
  readonly #mirror: Mirror;
  readonly #options: LifeOptions;
  readonly #nodes: Nodes;
  readonly #starts = new Map<string, Start>();

  constructor(api: Api, mirror: Mirror, options: LifeOptions) {
    this.#api = api;
    this.#mirror = mirror;
    this.#options = options;
    this.#nodes = new Nodes(api, mirror);
  }

  /** Does the next thing everywhere. */
  async step(): Promise<void> {
    await this.#nodes.follow(this.#options.instances, "v1.35.4");
    await this.#felix();
    await this.#runOperator();
    await this.#recover();
  }

  /** calico-node on every node: ready, and in which dataplane. */
  reports(): NodeReport[] {
    return this.#calicoNodes().map((pod) => {
      const nodeName = nodeNameOf(pod);
      const problem = this.#problem(pod);
      const bpf = problem === undefined && at(this.#mirror.get(keyOf(felixName)), "spec.bpfEnabled") === true;
      return problem === undefined
        ? { nodeName, ready: true, bpf }
        : { nodeName, ready: false, bpf, problem };
    });
  }

  #calicoNodes(): KubernetesObject[] {
    return runningPods(this.#mirror, "calico-node");
  }

  async #felix(): Promise<void> {
    const byNode = new Map(this.#options.instances.map((instance) => [instance.nodeName, instance]));
    for (const pod of this.#calicoNodes()) {
      this.#start(pod);
      const instance = byNode.get(nodeNameOf(pod));
      // The CNI configuration comes from an init container.
      if (instance?.ready === false) await this.#nodes.becomeReady(instance);
      await setReady(this.#api, this.#mirror, pod, this.#problem(pod));
    }
  }

  /** A controller marks the pods of a node that is not ready; the kubelet finds them well again when it is. */
  async #recover(): Promise<void> {
    const ready = new Set(
      this.#options.instances.flatMap(({ nodeName, ready }) => (ready ? [nodeName] : [])),
    );
    const marked = this.#mirror
      .ofKind("v1", "Pod")
      .filter((pod) => at(pod, "status.phase") === "Running" && ready.has(nodeNameOf(pod)) && !isReady(pod))
      .filter(({ metadata }) => !heldApps.some((app) => app === metadata.labels?.["k8s-app"]));
    for (const pod of marked) await setReady(this.#api, this.#mirror, pod, undefined);
  }

  /** A container's environment is that of the moment in which it starts. */
  #start(pod: KubernetesObject): Start {
    const uid = String(at(pod, "metadata.uid"));
    const known = this.#starts.get(uid);
    if (known !== undefined) return known;
    const [container] = at(pod, "spec.containers") as readonly {
      env?: readonly { name: string; value?: string }[];
      envFrom?: readonly unknown[];
    }[];
    const own = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]));
    const data = container?.envFrom === undefined ? {} : this.#endpoint("kube-system");
    const env = { ...data, ...own };
    const host = env["KUBERNETES_SERVICE_HOST"];
    const apiServer = host === undefined ? undefined : `${host}:${env["KUBERNETES_SERVICE_PORT"]}`;
    const start = { apiServer };
    this.#starts.set(uid, start);
    return start;
  }

  #problem(pod: KubernetesObject): string | undefined {
    if (this.#options.isBroken()) return "it does not start";
    const { apiServer } = this.#start(pod);
    if (apiServer === rightAddress) return undefined;
    if (apiServer !== undefined) return `cannot reach the API server at ${apiServer}`;
    const proxied = this.#mirror
      .ofKind("v1", "Pod")
      .some(
        (one) => one.metadata.labels?.["k8s-app"] === "kube-proxy" && nodeNameOf(one) === nodeNameOf(pod),
      );
    return proxied ? undefined : "cannot reach the API server: the service's address needs kube-proxy";
  }

  /** Its pod is ready while its process runs. */
  async #runOperator(): Promise<void> {
    for (const pod of runningPods(this.#mirror, "aws-node")) {
      await setReady(this.#api, this.#mirror, pod, undefined);
    }
    const { operator, calicoVersion } = this.#options;
    const pods = runningPods(this.#mirror, "tigera-operator");
    // While its Deployment is rolled, the one that leads is the former one until it is gone.
    await operator.follow(pods[0], calicoVersion);
    const [ended] = operator.problem?.split("; its last words") ?? [];
    for (const pod of pods) await setReady(this.#api, this.#mirror, pod, ended);
  }

  /** Forgets what is to be started again. */
  stop(): void {
    this.#options.operator.stop();
  }

  #endpoint(namespace: string): Readonly<Record<string, string>> {
    const key = `v1/ConfigMap/${namespace}/kubernetes-services-endpoint`;
    return (at(this.#mirror.get(key), "data") ?? {}) as Readonly<Record<string, string>>;
  }
}
