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
import { type Activity, TimedOut } from "../world/activity.ts";
import { type AddonEvent, onAddonEvent } from "./addons.ts";
import { ApiServer } from "./apiServer.ts";
import type { CloudView } from "./cloudView.ts";
import { type KubernetesObject, keyOf } from "./object.ts";
import { Operator } from "./operator.ts";
import { fulfilment } from "./waitFor.ts";

/** Seconds that the real provider waits for an object by default. */
const defaultTimeoutSeconds = 600;

/** Seconds during which the real provider tries again when a kind is not there yet: 2 + 4 + 8 + 16. */
const kindTimeoutSeconds = 30;

/** The kubernetes provider, with an API server in memory behind it and an operator that acts on it. */
export class Kubernetes implements ProviderDouble {
  readonly name = "kubernetes";
  readonly version = "4.34.2";
  readonly api: ApiServer;
  readonly operator: Operator;
  readonly #cloud: CloudView;
  readonly #activity: Activity;

  constructor(cloud: CloudView, activity: Activity) {
    this.#cloud = cloud;
    this.#activity = activity;
    this.api = new ApiServer(() => activity.changed());
    this.operator = new Operator(this.api, cloud, activity);
    activity.onChange(() => this.#follow());
  }

  /** Tells that an EKS add-on was created, updated or deleted. */
  onAddon(event: AddonEvent): void {
    onAddonEvent(this.api, event);
  }

  check(_subject: Subject, _olds: Values | undefined, news: Values) {
    const named = hasUnknown(news["metadata"]) || objectOf(news).metadata.name !== undefined;
    return { inputs: news, failures: named ? [] : ["metadata.name is required"] };
  }

  diff(_subject: Subject, oldInputs: Values, news: Values): Difference {
    const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(news)])];
    const changed = keys.filter((key) => !sameValue(oldInputs[key], news[key]));
    const [before, after] = [objectOf(oldInputs), objectOf(news)];
    const moved = !hasUnknown(news["metadata"]) && keyOf(before) !== keyOf(after);
    const replaces = moved ? changed.filter((key) => ["apiVersion", "kind", "metadata"].includes(key)) : [];
    return { changed, replaces, deleteBeforeReplace: true };
  }

  async create(subject: Subject, inputs: Values, preview: boolean): Promise<State> {
    this.#reach();
    const object = objectOf(inputs);
    const state = { id: idOf(object), outputs: inputs };
    const options = { dryRun: preview, force: forced(object) };
    if (preview && (hasUnknown(inputs) || !this.api.serves(object))) return state;
    if (!preview) await this.#kind(subject, object);
    if (isPatch(subject)) this.#patch(object, managerOf(subject, object), options);
    else this.api.create(object, managerOf(subject, object), options);
    if (!preview) await this.#ready(subject, object, state);
    return state;
  }

  async update(subject: Subject, id: string, _olds: Values, news: Values, preview: boolean): Promise<Values> {
    this.#reach();
    if (preview && hasUnknown(news)) return news;
    const object = objectOf(news);
    this.api.apply(object, managerOf(subject, object), { dryRun: preview, force: forced(object) });
    if (!preview) await this.#ready(subject, object, { id, outputs: news });
    return news;
  }

  async delete(subject: Subject, _id: string, outputs: Values): Promise<void> {
    this.#reach();
    const object = objectOf(outputs);
    const { apiVersion, kind, metadata } = object;
    if (isPatch(subject)) {
      const { name, namespace } = metadata;
      const bare = { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
      if (this.api.get(keyOf(object)) !== undefined) this.api.apply(bare, managerOf(subject, object));
      return;
    }
    this.api.delete(keyOf(object));
    const what = `the finalizers of ${kind} ${metadata.name} to be removed by the operator`;
    await this.#activity.until(
      { urn: subject.urn, what, providedBy: [], timeoutSeconds: defaultTimeoutSeconds },
      () => this.api.get(keyOf(object)) === undefined,
    );
  }

  async read(_subject: Subject, id: string, inputs: Values): Promise<State | undefined> {
    return this.api.get(keyOf(objectOf(inputs))) === undefined ? undefined : { id, outputs: inputs };
  }

  async invoke(token: string): Promise<Values> {
    throw new Refusal(`unknown function ${token}`);
  }

  #follow(): void {
    if (this.#cloud.endpointHost() === undefined) {
      if (this.api.list().length > 2) this.api.clear();
      this.operator.reset();
    } else {
      this.operator.reconcile();
    }
  }

  #reach(): void {
    if (this.#cloud.endpointHost() === undefined) {
      throw new Refusal("configured Kubernetes cluster is unreachable: connection refused");
    }
  }

  #patch(object: KubernetesObject, manager: string, options: { dryRun: boolean; force: boolean }): void {
    if (this.api.get(keyOf(object)) === undefined) {
      throw new Refusal(
        `${object.kind.toLowerCase()}s "${object.metadata.name}" not found: a patch needs it`,
      );
    }
    this.api.apply(object, manager, options);
  }

  /** Tries again for a while when the kind is not there yet. */
  async #kind({ urn }: Subject, { apiVersion, kind }: KubernetesObject): Promise<void> {
    const missing = `no matches for kind "${kind}" in version "${apiVersion}"`;
    await this.#wait({ urn, what: missing, providedBy: [], timeoutSeconds: kindTimeoutSeconds }, () =>
      this.api.serves({ apiVersion, kind }),
    ).catch(() => {
      throw new Refusal(`creation of ${kind} failed: ${missing}`);
    });
  }

  async #ready(subject: Subject, object: KubernetesObject, state: State): Promise<void> {
    if (object.metadata.annotations?.["pulumi.com/skipAwait"] === "true") return;
    const { operator } = this;
    // Read from the live object, as the real provider does.
    const live = () => this.api.get(keyOf(object)) ?? object;
    const waitFor = live().metadata.annotations?.["pulumi.com/waitFor"];
    const isOperator = object.kind === "Deployment" && object.metadata.name === "tigera-operator";
    if (waitFor === undefined && !isOperator) return;
    const seconds = live().metadata.annotations?.["pulumi.com/timeoutSeconds"];
    const wait = {
      urn: subject.urn,
      get what() {
        return waitFor === undefined
          ? (operator.podProblem ?? "the operator's pod")
          : fulfilment(waitFor, live()).message;
      },
      // A gate waits for what nodes and the operator do; the operator waits for the first node.
      providedBy: ["aws:eks/nodeGroup:NodeGroup"],
      timeoutSeconds: seconds === undefined ? defaultTimeoutSeconds : Number(seconds),
    };
    const holds = () => (waitFor === undefined ? operator.available : fulfilment(waitFor, live()).holds);
    try {
      await this.#wait(wait, holds);
    } catch (error) {
      if (error instanceof TimedOut) throw new NotReady(state, [error.message]);
      throw error;
    }
  }

  #wait(...args: Parameters<Activity["until"]>): Promise<void> {
    return this.#activity.until(...args);
  }
}

function objectOf(inputs: Values): KubernetesObject {
  return inputs as unknown as KubernetesObject;
}

function idOf({ metadata }: KubernetesObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

function isPatch({ type }: Subject): boolean {
  return type.endsWith("Patch");
}

function forced({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.["pulumi.com/patchForce"] === "true";
}

function managerOf({ name }: Subject, { metadata }: KubernetesObject): string {
  return metadata.annotations?.["pulumi.com/patchFieldManager"] ?? `pulumi-kubernetes-${name}`;
}
