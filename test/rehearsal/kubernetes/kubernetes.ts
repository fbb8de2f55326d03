import {
  type Difference,
  NotReady,
  type ProviderDouble,
  Refusal,
  type State,
  type Subject,
  type Values,
} from "../protocol/provider.ts";
import { hasUnknown, sameValue } from "../protocol/values.ts";
import type { Activity } from "../world/activity.ts";
import type { KubernetesDouble } from "../world/kubernetesDouble.ts";
import { type AddonEvent, kubeProxyState, onAddonEvent } from "./addons.ts";
import { ApiServer, type ApplyOptions } from "./apiServer.ts";
import { defaultTimeoutSeconds, type Surroundings, untilPossible, untilReady } from "./awaiting.ts";
import type { CloudView } from "./cloudView.ts";
import type { NodeReport } from "./felix.ts";
import { at, type KubernetesObject, keyOf, objectOf, resourceText } from "./object.ts";
import { Operator } from "./operator.ts";
import { outputsOf, readState } from "./reading.ts";
import { applyFailed, creationFailed, notLive, unreachable } from "./words.ts";

/** What others have installed in the cluster. */
export interface Guests {
  /** The kinds of the Prometheus operator. Default: true. */
  readonly prometheusOperator?: boolean;
}

const monitoringKinds = ["ServiceMonitor", "PrometheusRule"].map(
  (kind) => `monitoring.coreos.com/v1/${kind}`,
);

/** The kubernetes provider, with an API server in memory behind it and an operator that acts on it. */
export class Kubernetes implements KubernetesDouble, ProviderDouble {
  readonly provider = this;
  readonly name = "kubernetes";
  readonly version = "4.34.2";
  readonly api: ApiServer;
  readonly operator: Operator;
  readonly #cloud: CloudView;
  readonly #activity: Activity;
  readonly #surroundings: Surroundings;
  #hadCluster = false;

  constructor(cloud: CloudView, activity: Activity, { prometheusOperator = true }: Guests = {}) {
    this.#cloud = cloud;
    this.#activity = activity;
    this.api = new ApiServer(() => activity.changed(), prometheusOperator ? monitoringKinds : []);
    this.operator = new Operator(this.api, cloud, activity);
    this.#surroundings = { api: this.api, operator: this.operator, activity };
    activity.onChange(() => this.#follow());
  }

  /** Tells that an EKS add-on was created, updated or deleted. */
  onAddon(event: AddonEvent): void {
    onAddonEvent(this.api, event);
  }

  reports(): NodeReport[] {
    return this.operator.reports();
  }

  kubeProxy(): ReturnType<typeof kubeProxyState> {
    return kubeProxyState(this.api);
  }

  contents(): KubernetesObject[] {
    return this.api.list();
  }

  async stop(): Promise<void> {}

  check(_subject: Subject, _olds: Values | undefined, news: Values) {
    const named = hasUnknown(news["metadata"]) || at(news, "metadata.name") !== undefined;
    return { inputs: news, failures: named ? [] : ["metadata.name is required"] };
  }

  diff(_subject: Subject, oldInputs: Values, news: Values): Difference {
    const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])];
    const changed = keys.filter((key) => !sameValue(oldInputs[key], news[key]));
    const moved = !hasUnknown(news["metadata"]) && keyOf(objectOf(oldInputs)) !== keyOf(objectOf(news));
    const replaces = moved ? changed.filter((key) => ["apiVersion", "kind", "metadata"].includes(key)) : [];
    // As the real one does with names that the program gives.
    return { changed, replaces, deleteBeforeReplace: true };
  }

  async create(subject: Subject, inputs: Values, preview: boolean): Promise<State> {
    const object = objectOf(inputs);
    // The real one tries a dry run, and keeps to itself that a namespace is missing or that the object exists.
    if (preview) return { id: "", outputs: inputs };
    this.#reach(unreachable.write);
    await untilPossible(this.#surroundings, subject, object);
    const manager = managerOf(subject, object);
    try {
      if (isPatch(subject)) this.#patch(object, manager);
      else this.api.create(object, manager);
    } catch (error) {
      throw error instanceof Refusal ? creationFailed(subject, applyFailed(manager, error.message)) : error;
    }
    const id = idOf(object);
    await untilReady(this.#surroundings, subject, object, { id, outputs: inputs }, notLive.create(subject));
    return { id, outputs: outputsOf(this.api, inputs) };
  }

  async update(subject: Subject, id: string, olds: Values, news: Values, preview: boolean): Promise<Values> {
    const object = objectOf(news);
    if (preview && (hasUnknown(news) || !this.api.serves(object))) return news;
    this.#reach(unreachable.write);
    const state = { id, outputs: news };
    this.#write(subject, object, state, preview);
    if (preview) return news;
    const formerManager = managerOf(subject, objectOf(olds));
    if (formerManager !== managerOf(subject, object)) this.#relinquish(object, formerManager);
    await untilReady(this.#surroundings, subject, object, state, notLive.update(subject));
    return outputsOf(this.api, news);
  }

  async delete(subject: Subject, _id: string, outputs: Values): Promise<void> {
    this.#reach(unreachable.delete);
    const object = objectOf(outputs);
    if (isPatch(subject)) {
      this.#relinquish(object, managerOf(subject, object));
      return;
    }
    this.api.delete(keyOf(object));
    const what = `the finalizers of ${object.kind} ${object.metadata.name} to be removed by the operator`;
    await this.#activity.until(
      { urn: subject.urn, what, providedBy: [], timeoutSeconds: defaultTimeoutSeconds },
      () => this.api.get(keyOf(object)) === undefined,
    );
  }

  async read(subject: Subject, id: string, inputs: Values): Promise<State | undefined> {
    this.#reach(unreachable.read);
    return readState(this.#surroundings, subject, id, inputs);
  }

  async invoke(token: string): Promise<Values> {
    throw new Refusal(`unknown function ${token}`);
  }

  #follow(): void {
    const hasCluster = this.#cloud.endpointHost() !== undefined;
    if (hasCluster) {
      this.#hadCluster = true;
      this.operator.reconcile();
      return;
    }
    if (!this.#hadCluster) return;
    // First, because what follows is a change, too.
    this.#hadCluster = false;
    this.operator.reset();
    this.api.clear();
  }

  #reach(words: string): void {
    if (this.#cloud.endpointHost() === undefined) throw new Refusal(words);
  }

  /** A refused update counts as an object that failed to become live: its new inputs go into the state. */
  #write(subject: Subject, object: KubernetesObject, state: State, dryRun: boolean): void {
    if (this.api.get(keyOf(object)) === undefined) {
      throw new Refusal(`update of resource "${subject.name}" failed: ${resourceText(object)} not found`);
    }
    const manager = managerOf(subject, object);
    try {
      this.api.apply(object, manager, { dryRun, ...forced(object) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const reason = `${notLive.update(subject)}: ${applyFailed(manager, error.message)}`;
      throw dryRun ? new Refusal(reason) : new NotReady(state, [reason]);
    }
  }

  /** A patch is applied like any object, and would make one: which a workload without a selector cannot be. */
  #patch(object: KubernetesObject, manager: string): void {
    if (this.api.get(keyOf(object)) === undefined && object.apiVersion === "apps/v1") {
      const { kind, metadata } = object;
      throw new Refusal(`${kind}.apps "${metadata.name}" is invalid: spec.selector: Required value`);
    }
    this.api.apply(object, manager, forced(object));
  }

  /** Gives up what a manager owns, by applying nothing but the name. */
  #relinquish({ apiVersion, kind, metadata }: KubernetesObject, manager: string): void {
    const { name, namespace } = metadata;
    const bare = { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
    if (this.api.get(keyOf(bare)) !== undefined) this.api.apply(bare, manager);
  }
}

function idOf({ metadata }: KubernetesObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function isPatch({ type }: Subject): boolean {
  return type.endsWith("Patch");
}

function forced({ metadata }: KubernetesObject): ApplyOptions {
  return { force: metadata.annotations?.["pulumi.com/patchForce"] === "true" };
}

function managerOf({ name }: Subject, { metadata }: KubernetesObject): string {
  return metadata.annotations?.["pulumi.com/patchFieldManager"] ?? `pulumi-kubernetes-${name}`;
}
