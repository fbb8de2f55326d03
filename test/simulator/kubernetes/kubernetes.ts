import {
  type Difference,
  NotReady,
  Refusal,
  type State,
  type Subject,
  type Values,
} from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";
import { hasUnknown, sameValue } from "../protocol/values.ts";
import type { Activity } from "../world/activity.ts";
import type { KubernetesDouble } from "../world/kubernetesDouble.ts";
import { type AddonEvent, kubeProxyState, onAddonEvent } from "./addons.ts";
import { ApiServer } from "./apiServer.ts";
import {
  defaultTimeoutSeconds,
  type Surroundings,
  unreadiness,
  untilPossible,
  untilReady,
} from "./awaiting.ts";
import { AwsNode } from "./awsNode.ts";
import {
  bareOf,
  checkpoint,
  idOf,
  importable,
  isPatch,
  managerOf,
  named,
  readState,
  requiredField,
  withStatus,
} from "./checkpoint.ts";
import type { CloudView } from "./cloudView.ts";
import type { NodeReport } from "./felix.ts";
import type { Operation } from "./fields.ts";
import { Karpenter } from "./karpenter.ts";
import { at, type KubernetesObject, keyOf, objectOf, resourceText } from "./object.ts";
import { Operator } from "./operator.ts";
import {
  applyFailed,
  creationFailed,
  invalid,
  notLive,
  relinquishFailed,
  unanswered,
  unreachable,
} from "./words.ts";

/** What others have installed in the cluster. */
export interface Guests {
  /** The kinds of the Prometheus operator. Default: true. */
  readonly prometheusOperator?: boolean;
}

const monitoringKinds = ["ServiceMonitor", "PrometheusRule"].map(
  (kind) => `monitoring.coreos.com/v1/${kind}`,
);

/** The kubernetes provider, with an API server in memory behind it and an operator that acts on it. */
export class Kubernetes implements KubernetesDouble {
  readonly provider = this;
  readonly name = "kubernetes";
  readonly version = "4.34.2";
  readonly api: ApiServer;
  readonly operator: Operator;
  readonly #karpenter: Karpenter;
  readonly #cloud: CloudView;
  readonly #activity: Activity;
  readonly #surroundings: Surroundings;
  #awsNode: AwsNode;
  /** Whether the API server lets the machine in that Pulumi runs on. */
  reachable = () => true;
  #hadCluster = false;
  #patchForce = false;

  constructor(cloud: CloudView, activity: Activity, { prometheusOperator = true }: Guests = {}) {
    this.#cloud = cloud;
    this.#activity = activity;
    this.api = new ApiServer(() => activity.changed(), prometheusOperator ? monitoringKinds : []);
    this.operator = new Operator(this.api, cloud, activity);
    this.#karpenter = new Karpenter(this.api, this.operator, activity);
    this.#awsNode = new AwsNode(this.api, activity);
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
    return [...this.api.list(), ...this.#karpenter.orphans];
  }

  async stop(): Promise<void> {}

  /** The eks component's own provider, which asks for nothing, shares this process and writes nothing. */
  configure(args: Values): void {
    if (String(args["enablePatchForce"]) === "true") this.#patchForce = true;
  }

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
    const manager = managerOf(subject, inputs);
    try {
      if (isPatch(subject)) this.#patch(object, manager);
      else this.api.create(object, poster);
    } catch (error) {
      throw error instanceof Refusal ? creationFailed(subject, applyFailed(manager, error.message)) : error;
    }
    const state = checkpoint(idOf(object), inputs, manager);
    await untilReady(this.#surroundings, subject, object, state, notLive.create(subject));
    return withStatus(this.api, state);
  }

  async update(
    subject: Subject,
    id: string,
    olds: Values,
    news: Values,
    preview: boolean,
    oldOutputs: Values = {},
  ): Promise<Values> {
    const object = objectOf(news);
    if (preview && (hasUnknown(news) || !this.api.serves(object))) return news;
    this.#reach(unreachable.write);
    const manager = managerOf(subject, news, oldOutputs);
    const state = checkpoint(id, news, manager);
    this.#write(subject, object, manager, state, preview);
    if (preview) return state.outputs;
    await untilReady(this.#surroundings, subject, object, state, notLive.update(subject));
    const formerManager = managerOf(subject, olds, oldOutputs);
    if (formerManager !== manager) this.api.apply(bareOf(object), formerManager);
    return withStatus(this.api, state).outputs;
  }

  async delete(subject: Subject, _id: string, outputs: Values): Promise<void> {
    this.#reach(unreachable.delete);
    const object = objectOf(outputs);
    if (isPatch(subject)) {
      this.#relinquish(object, managerOf(subject, outputs, outputs));
      return;
    }
    this.api.delete(keyOf(object));
    const what = `the finalizers of ${object.kind} ${object.metadata.name} to be removed by the operator`;
    await this.#activity.until(
      { urn: subject.urn, what, providedBy: [], timeoutSeconds: defaultTimeoutSeconds },
      () => this.api.get(keyOf(object)) === undefined,
    );
  }

  async read(subject: Subject, id: string, inputs: Values, outputs: Values = {}): Promise<State | undefined> {
    this.#reach(unreachable.read);
    const imported = Object.keys(inputs).length === 0;
    const object = imported ? named(subject, id) : objectOf(inputs);
    const live = this.api.get(keyOf(object));
    if (live === undefined) return undefined;
    const shape = imported ? importable(live) : inputs;
    const state = withStatus(this.api, readState(subject, id, outputs, shape, live as unknown as Values));
    // What is not ready is kept as such, and the next up waits for it.
    const why = unreadiness(this.#surroundings, object);
    if (why !== undefined) throw new NotReady(state, why);
    return state;
  }

  async invoke(token: string): Promise<Values> {
    throw new Refusal(`unknown function ${token}`);
  }

  #follow(): void {
    const hasCluster = this.#cloud.endpointHost() !== undefined;
    if (hasCluster) {
      this.#hadCluster = true;
      this.operator.reconcile();
      this.#karpenter.reconcile();
      const kubeProxyRuns = this.kubeProxy() === "Running";
      this.#awsNode.follow(this.reports(), { cloud: this.#cloud, kubeProxyRuns });
      return;
    }
    if (!this.#hadCluster) return;
    // First, because what follows is a change, too.
    this.#hadCluster = false;
    this.operator.reset();
    this.#karpenter.abandon();
    this.#awsNode = new AwsNode(this.api, this.#activity);
    this.api.clear();
  }

  #reach(words: string): void {
    if (this.#cloud.endpointHost() === undefined || !this.reachable()) throw new Refusal(words);
    const problem = this.#cloud.endpointProblem();
    if (problem !== undefined) throw unanswered(words, problem);
  }

  /** Lets a component look at the cluster, as the real chart does in a preview too. */
  asking(component: ComponentDouble): ComponentDouble {
    return async (of) => {
      if (!this.reachable()) throw new Refusal(unreachable.write);
      return component(of);
    };
  }

  /** A refused update counts as an object that failed to become live: its new inputs go into the state. */
  #write(subject: Subject, object: KubernetesObject, manager: string, state: State, dryRun: boolean): void {
    const key = keyOf(object);
    if (this.api.get(key) === undefined) {
      throw new Refusal(`update of resource "${subject.name}" failed: ${resourceText(object)} not found`);
    }
    // Before the first update the object is all the POST's: the real one then forces its dry run.
    const force = this.#forced(object) || (dryRun && this.api.hasUpdateBy(key, poster));
    // A patch leaves to others what it does not set; a whole object takes over what kubectl wrote, and drops it.
    if (!isPatch(subject) && !dryRun) this.api.adopt(key, isAdopted, manager);
    try {
      this.api.apply(object, manager, { dryRun, force });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const reason = `${notLive.update(subject)}: ${applyFailed(manager, error.message)}`;
      throw dryRun ? new Refusal(reason) : new NotReady(state, [reason]);
    }
  }

  /** A patch is applied like any object, and would make one: which a workload without a selector cannot be. */
  #patch(object: KubernetesObject, manager: string): void {
    const missing = this.api.get(keyOf(object)) === undefined ? requiredField(object) : undefined;
    if (missing !== undefined) throw invalid(object, missing);
    this.api.apply(object, manager, { force: this.#forced(object) });
  }

  /**
   * Gives up what a manager owns by applying nothing but the name. As the real one, it makes an object that is gone, or
   * stops where the kind cannot be empty.
   */
  #relinquish(object: KubernetesObject, manager: string): void {
    const bare = bareOf(object);
    // A kind that is gone took its objects along.
    if (!this.api.serves(bare)) return;
    const missing = this.api.get(keyOf(bare)) === undefined ? requiredField(bare) : undefined;
    if (missing !== undefined) throw relinquishFailed(missing);
    this.api.apply(bare, manager);
  }

  #forced({ metadata }: KubernetesObject): boolean {
    return this.#patchForce || metadata.annotations?.["pulumi.com/patchForce"] === "true";
  }
}

/** Field manager of the POST that makes an object. */
const poster = "pulumi-kubernetes";

/** Field managers whose fields the real provider takes over at an update (provider/pkg/await/await.go, fixCSAFieldManagers). */
function isAdopted(owner: string, operation: Operation): boolean {
  const prefixes =
    operation === "Apply"
      ? ["kubectl"]
      : ["kubectl", "before-first-apply", poster, "pulumi-resource-kubernetes"];
  return prefixes.some((prefix) => owner.startsWith(prefix));
}
