import { milestones } from "../durations.ts";
import type { Activity } from "../world/activity.ts";
import { kubeProxyState } from "./addons.ts";
import type { ApiServer } from "./apiServer.ts";
import { installedBy } from "./chart.ts";
import type { CloudView } from "./cloudView.ts";
import { operatorManager } from "./felixConfiguration.ts";
import { at } from "./object.ts";

const deploymentKey = "apps/v1/Deployment/tigera-operator/tigera-operator";
const endpointKey = "v1/ConfigMap/tigera-operator/kubernetes-services-endpoint";

/** Kinds that the operator defines when it starts, whether they are defined already or not. */
const ownKinds = [
  "operator.tigera.io/v1/Installation",
  "operator.tigera.io/v1/APIServer",
  "operator.tigera.io/v1/Goldmane",
  "operator.tigera.io/v1/Whisker",
  "operator.tigera.io/v1/TigeraStatus",
  "crd.projectcalico.org/v1/FelixConfiguration",
];

/** The operator's pod: on which node it runs, and how it reaches the API server. */
export class OperatorPod {
  readonly #api: ApiServer;
  readonly #cloud: CloudView;
  readonly #activity: Activity;
  #starting = false;
  #running = false;

  constructor(api: ApiServer, cloud: CloudView, activity: Activity) {
    this.#api = api;
    this.#cloud = cloud;
    this.#activity = activity;
  }

  get running(): boolean {
    return this.#running;
  }

  /** What it takes for the pod to run; undefined when all is there. */
  get needs(): string | undefined {
    if (this.#api.get(deploymentKey) === undefined) return "there to be a Deployment tigera-operator";
    if (this.#cloud.instances.size === 0) return "a node on which the operator's pod can run";
    const host = this.#cloud.endpointHost();
    if (this.dnsPolicy !== "Default") {
      return `the operator's pod to resolve ${host}: dnsPolicy ${this.dnsPolicy} asks CoreDNS, which waits for Calico`;
    }
    if (this.apiServer === undefined) {
      return "ConfigMap kubernetes-services-endpoint: without it the pod needs kube-proxy";
    }
    return this.apiServer === `${host}:443` ? undefined : `the API server to answer at ${this.apiServer}`;
  }

  /** Release that it installs: `v3.32.4`. */
  get calicoVersion(): string {
    return installedBy(this.#api.get(deploymentKey));
  }

  /** calico-node inherits it. */
  get dnsPolicy(): string {
    return String(at(this.#api.get(deploymentKey), "spec.template.spec.dnsPolicy"));
  }

  /** Host and port of the API server in the pods' environment; undefined: the service's address, which nothing answers. */
  get apiServer(): string | undefined {
    const data = at(this.#api.get(endpointKey), "data");
    const host = at(data, "KUBERNETES_SERVICE_HOST");
    if (host !== undefined) return `${host}:${at(data, "KUBERNETES_SERVICE_PORT")}`;
    // kube-proxy turns the service's address into the endpoint's.
    return kubeProxyState(this.#api) === "Running" ? `${this.#cloud.endpointHost()}:443` : undefined;
  }

  /** Starts the pod when it can run, and lets it go when it no longer can. */
  follow(): void {
    this.#running = this.#running && this.needs === undefined;
    this.#report();
    if (this.#running || this.#starting || this.needs !== undefined) return;
    this.#starting = true;
    this.#activity.after(milestones.operatorStart.seconds, () => {
      this.#starting = false;
      this.#running = this.needs === undefined;
      if (this.#running) this.#api.defineKinds(ownKinds, operatorManager);
    });
  }

  /** What Kubernetes says of the Deployment. */
  #report(): void {
    const status = { availableReplicas: this.#running ? 1 : 0 };
    this.#api.merge(deploymentKey, { status }, "kube-controller-manager");
  }

  /** The cluster is gone. */
  reset(): void {
    this.#running = false;
  }
}
