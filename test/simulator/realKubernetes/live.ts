import { parse } from "yaml";
import { kubeProxyState } from "../kubernetes/addons.ts";
import { awsNodeKey, awsNodeProblem, endpointOf } from "../kubernetes/awsNode.ts";
import { installedBy } from "../kubernetes/chart.ts";
import type { CloudView } from "../kubernetes/cloudView.ts";
import { type FelixSettings, type NodeReport, nodeReports, turnChecksOff } from "../kubernetes/felix.ts";
import { operatorManager } from "../kubernetes/felixConfiguration.ts";
import { at, type KubernetesObject, keyOf } from "../kubernetes/object.ts";
import type { Instance } from "../world/instance.ts";
import type { Api } from "./api.ts";
import { Controllers } from "./controllers.ts";
import type { LabNodes } from "./labNodes.ts";
import type { Mirror } from "./mirror.ts";
import { calicoNodeName, felixName } from "./names.ts";
import { Nodes } from "./nodes.ts";
import type { OperatorProcess } from "./operatorProcess.ts";
import { nodeNameOf, runningPods, setReady } from "./pods.ts";

const deploymentKey = "apps/v1/Deployment/tigera-operator/tigera-operator";
const endpointKey = "v1/ConfigMap/tigera-operator/kubernetes-services-endpoint";

/** Kinds that are followed from the start. */
const builtInKinds = [
  ["v1", "Namespace"],
  ["v1", "ConfigMap"],
  ["v1", "Node"],
  ["v1", "Pod"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "DaemonSet"],
  ["networking.k8s.io/v1", "NetworkPolicy"],
] as const;

/** Kinds that are followed once the operator has brought them. */
const operatorKinds = [
  ["operator.tigera.io/v1", "Installation"],
  ["operator.tigera.io/v1", "APIServer"],
  ["operator.tigera.io/v1", "TigeraStatus"],
  ["crd.projectcalico.org/v1", "FelixConfiguration"],
] as const;

export interface LiveOptions {
  /** Custom resource definitions that are there before the program comes, in YAML. */
  readonly crds: readonly string[];
  readonly operatorProcess: OperatorProcess;
  /** Whether the operator's container does not start, whatever there is. */
  readonly isOperatorBroken: () => boolean;
  /** Nodes with real packets and a real Felix. Default: nodes that are played, with a simulated Felix. */
  readonly lab: LabNodes | undefined;
}

const pauseMilliseconds = 100;

/** What lives in a cluster: its nodes, the operator, and Felix on every node. */
export class Live {
  readonly #api: Api;
  readonly #mirror: Mirror;
  readonly #cloud: CloudView;
  readonly #nodes: Nodes;
  readonly #controllers: Controllers;
  readonly #options: LiveOptions;
  #kubernetesVersion = "";
  /** Ids of the instances whose programs are loaded. */
  readonly #loaded = new Set<string>();
  #followsKinds = false;
  #stopped = false;

  constructor(api: Api, mirror: Mirror, cloud: CloudView, options: LiveOptions) {
    this.#api = api;
    this.#mirror = mirror;
    this.#cloud = cloud;
    this.#options = options;
    this.#nodes = new Nodes(api, mirror);
    this.#controllers = new Controllers(api, mirror, cloud);
  }

  /** Begins to follow what is in the cluster. */
  async begin(): Promise<void> {
    const { gitVersion } = await this.#api.client.send({ method: "GET", path: "/version" });
    this.#kubernetesVersion = String(gitVersion);
    for (const [apiVersion, kind] of builtInKinds) await this.#mirror.follow(apiVersion, kind);
    await Promise.all(this.#options.crds.map((yaml) => this.#installCrd(yaml)));
  }

  stop(): void {
    this.#stopped = true;
    this.#options.operatorProcess.stop();
  }

  /** Looks at the world and does the next thing everywhere. Returns whether nodes became ready. */
  async step(): Promise<boolean> {
    const { lab } = this.#options;
    if (lab !== undefined) {
      await lab.follow(this.#instances);
      await this.#runOperator();
      return lab.news();
    }
    await this.#nodes.follow(this.#instances, this.#kubernetesVersion);
    turnChecksOff(this.#instances, this.#felixSettings());
    // Once for all: it looks at every node's ports and permissions.
    const reports = this.reports();
    // What is on the nodes needs no operator to go on.
    const news = [await this.#runFelix(reports), await this.#runAwsNode(reports)];
    await this.#runOperator();
    await this.#controllers.step();
    return news.includes(true);
  }

  /** calico-node on every node. Its eBPF programs stay loaded while its pod is away. */
  reports(): NodeReport[] {
    if (this.#options.lab !== undefined) return this.#options.lab.reports();
    const settings = this.#felixSettings();
    const reports = nodeReports(this.#instances, settings);
    for (const [index, { id }] of this.#instances.entries()) {
      if (reports[index]?.bpf === true) this.#loaded.add(id);
      else if (settings.started.has(id) || !settings.bpfEnabled) this.#loaded.delete(id);
    }
    return reports.map((report, index) => ({
      ...report,
      bpf: report.bpf || this.#loaded.has(this.#instances[index]?.id ?? ""),
    }));
  }

  get #instances(): Instance[] {
    return [...this.#cloud.instances.values()];
  }

  async #runOperator(): Promise<void> {
    const { operatorProcess } = this.#options;
    const pods = runningPods(this.#mirror, "tigera-operator");
    const needs = this.#options.isOperatorBroken() ? "it does not start" : this.#operatorNeeds();
    // While its Deployment is rolled, the one that leads is the former one until it is gone.
    const [leader] = needs === undefined ? pods : [];
    await operatorProcess.follow(leader, leader === undefined ? "" : installedBy(leader).slice(1));
    // Its last words have the time in them.
    const [ended] = operatorProcess.problem?.split("; its last words") ?? [];
    for (const pod of pods) await setReady(this.#api, this.#mirror, pod, needs ?? ended);
    if (leader !== undefined) this.#followKinds();
  }

  /** What it takes for the operator's pod to reach the API server; undefined when all is there. */
  #operatorNeeds(): string | undefined {
    const { dnsPolicy, apiServer } = this.#configured();
    if (dnsPolicy !== "Default") return `dnsPolicy ${dnsPolicy} asks CoreDNS, which waits for Calico`;
    if (apiServer === undefined) {
      return "the API server's address: without ConfigMap kubernetes-services-endpoint it needs kube-proxy";
    }
    const endpoint = `${this.#cloud.endpointHost()}:443`;
    return apiServer === endpoint ? undefined : `the API server to answer at ${apiServer}`;
  }

  /** What the operator's pod was started with. */
  #configured(): { dnsPolicy: string; apiServer: string | undefined } {
    const dnsPolicy = String(at(this.#mirror.get(deploymentKey), "spec.template.spec.dnsPolicy"));
    const data = at(this.#mirror.get(endpointKey), "data");
    const host = at(data, "KUBERNETES_SERVICE_HOST");
    if (host !== undefined) {
      return { dnsPolicy, apiServer: `${host}:${at(data, "KUBERNETES_SERVICE_PORT")}` };
    }
    // kube-proxy turns the service's address into the endpoint's.
    const proxied = kubeProxyState(this.#mirror) === "Running";
    return { dnsPolicy, apiServer: proxied ? `${this.#cloud.endpointHost()}:443` : undefined };
  }

  /** Follows the operator's kinds, each as soon as it is there. */
  #followKinds(): void {
    if (this.#followsKinds) return;
    this.#followsKinds = true;
    for (const [apiVersion, kind] of operatorKinds) void this.#followKind(apiVersion, kind);
  }

  async #followKind(apiVersion: string, kind: string): Promise<void> {
    while (!this.#stopped) {
      try {
        if (await this.#api.serves({ apiVersion, kind })) return await this.#mirror.follow(apiVersion, kind);
      } catch {
        // It is established in a moment, or the API server is gone.
      }
      await pause();
    }
  }

  /** In the place of one that another client has made; its objects stay. */
  async #installCrd(body: string): Promise<void> {
    const { name } = (parse(body) as KubernetesObject).metadata;
    await this.#api.client.send({
      method: "PATCH",
      path: `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`,
      query: { fieldManager: operatorManager, force: "true" },
      body,
      contentType: "application/apply-patch+yaml",
    });
  }

  /** The CNI configuration comes from an init container, with Calico's CNI: a node is Ready before calico-node on it is. */
  async #runFelix(reports: readonly NodeReport[]): Promise<boolean> {
    const pods = runningPods(this.#mirror, "calico-node");
    const template = at(this.#mirror.get(keyOf(calicoNodeName)), "spec.template.spec.initContainers");
    const writesCni = JSON.stringify(template ?? []).includes('"name":"install-cni"');
    const problems = new Map(reports.map(({ nodeName, problem }) => [nodeName, problem]));
    const news = writesCni && (await this.#becomeReady(pods));
    await Promise.all(
      pods.map((pod) => setReady(this.#api, this.#mirror, pod, problems.get(nodeNameOf(pod)))),
    );
    return news;
  }

  /** The AWS VPC CNI, which writes a node's CNI configuration once it works there. */
  async #runAwsNode(reports: readonly NodeReport[]): Promise<boolean> {
    const pods = runningPods(this.#mirror, "aws-node");
    if (pods.length === 0) return false;
    const settings = {
      cloud: this.#cloud,
      endpoint: endpointOf(this.#mirror.get(awsNodeKey)),
      kubeProxyRuns: kubeProxyState(this.#mirror) === "Running",
    };
    const instances = new Map(this.#instances.map((instance) => [instance.nodeName, instance]));
    const byNode = new Map(reports.map((report) => [report.nodeName, report]));
    const looked = pods.map((pod) => {
      const [nodeName, instance] = [nodeNameOf(pod), instances.get(nodeNameOf(pod))];
      if (instance === undefined) return { pod, problem: "its instance is gone" };
      const problem = awsNodeProblem(instance, byNode.get(nodeName), settings);
      // The real one is ready without them, and then no pod on its node starts.
      return { pod, problem: problem ?? this.#cloud.takePrefixes(instance) };
    });
    const news = await this.#becomeReady(
      looked.flatMap(({ pod, problem }) => (problem === undefined ? [pod] : [])),
    );
    await Promise.all(looked.map(({ pod, problem }) => setReady(this.#api, this.#mirror, pod, problem)));
    return news;
  }

  /** Makes the nodes of these pods Ready. Returns whether any was not. */
  async #becomeReady(pods: readonly KubernetesObject[]): Promise<boolean> {
    const byNode = new Map(this.#instances.map((instance) => [instance.nodeName, instance]));
    const fresh = pods.flatMap((pod) => byNode.get(nodeNameOf(pod)) ?? []).filter(({ ready }) => !ready);
    await Promise.all(fresh.map((instance) => this.#nodes.becomeReady(instance)));
    return fresh.length > 0;
  }

  /** What calico-node was started with, on the nodes where it has. */
  #felixSettings(): FelixSettings {
    const template = at(this.#mirror.get(keyOf(calicoNodeName)), "spec.template.spec");
    const [container] = (at(template, "containers") ?? []) as readonly {
      env?: readonly { name: string; value: string }[];
    }[];
    const env = new Map(container?.env?.map(({ name, value }) => [name, value]));
    const host = env.get("KUBERNETES_SERVICE_HOST");
    const felix = this.#mirror.get(keyOf(felixName));
    const nodeNames = new Set(runningPods(this.#mirror, "calico-node").map(nodeNameOf));
    return {
      cloud: this.#cloud,
      started: new Set(this.#instances.filter(({ nodeName }) => nodeNames.has(nodeName)).map(({ id }) => id)),
      apiServer: host === undefined ? undefined : `${host}:${env.get("KUBERNETES_SERVICE_PORT")}`,
      dnsPolicy: String(at(template, "dnsPolicy")),
      awsSrcDstCheck: at(felix, "spec.awsSrcDstCheck"),
      bpfEnabled: at(felix, "spec.bpfEnabled") === true,
    };
  }
}

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, pauseMilliseconds));
}
