import {
  bareOf,
  checkpoint,
  idOf,
  isPatch,
  managerOf,
  readState,
  requiredField,
} from "../kubernetes/checkpoint.ts";
import { at, type KubernetesObject, keyOf, objectOf } from "../kubernetes/object.ts";
import {
  applyFailed,
  creationFailed,
  kindMissing,
  notLive,
  relinquishFailed,
  unreachable,
} from "../kubernetes/words.ts";
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
import type { Api, ApplyOptions } from "./api.ts";
import { untilGone, untilPolled, untilReady } from "./awaiting.ts";
import { ApiError } from "./client.ts";

/** Seconds during which the real provider tries again when a kind or a namespace is missing: 1 + 2 + 4 + 8 + 16 + 32, as seen. */
const missingTimeoutSeconds = 63;

/** What the provider acts on. */
export interface ProviderSurroundings {
  /** The API server, once there is a cluster and what was begun there is done; undefined: there is no cluster. */
  reach(): Promise<Api | undefined>;
  readonly activity: Activity;
}

/** The kubernetes provider on a real API server: every object is applied server-side, each under a separate manager. */
export class RealProvider implements ProviderDouble {
  readonly name = "kubernetes";
  readonly version = "4.34.2";
  readonly #world: ProviderSurroundings;

  constructor(world: ProviderSurroundings) {
    this.#world = world;
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
    return { changed, replaces, deleteBeforeReplace: true };
  }

  async create(subject: Subject, inputs: Values, preview: boolean): Promise<State> {
    const object = objectOf(inputs);
    if (preview) {
      await this.#dryRun(subject, inputs);
      return { id: "", outputs: inputs };
    }
    const api = await this.#reach(unreachable.write);
    const state = checkpoint(idOf(object), inputs, managerOf(subject, inputs));
    await this.#retried(subject, object, api, () => this.#create(api, subject, object));
    await this.#ready(api, subject, object, state, notLive.create(subject));
    return state;
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
    if (preview && hasUnknown(news)) return news;
    const api = await this.#reach(unreachable.write);
    const manager = managerOf(subject, news, oldOutputs);
    const state = checkpoint(id, news, manager);
    try {
      await api.apply(object, { manager, dryRun: preview, ...forced(object) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const reason = `${notLive.update(subject)}: ${applyFailed(manager, error.message)}`;
      throw preview ? new Refusal(reason) : new NotReady(state, [reason]);
    }
    if (preview) return state.outputs;
    await this.#ready(api, subject, object, state, notLive.update(subject));
    const former = managerOf(subject, olds, oldOutputs);
    if (former !== manager) await relinquish(api, object, former);
    return state.outputs;
  }

  async delete(subject: Subject, _id: string, outputs: Values): Promise<void> {
    const api = await this.#reach(unreachable.delete);
    const object = objectOf(outputs);
    if (isPatch(subject)) {
      await relinquish(api, object, managerOf(subject, outputs, outputs));
      return;
    }
    const { annotations = {} } = object.metadata;
    const policy = annotations["pulumi.com/deletionPropagationPolicy"] ?? "foreground";
    await api.delete(object, { propagationPolicy: policy.replace(/^./, (letter) => letter.toUpperCase()) });
    await untilGone({ api, activity: this.#world.activity }, subject, object);
  }

  async read(subject: Subject, id: string, inputs: Values, outputs: Values = {}): Promise<State | undefined> {
    const api = await this.#reach(unreachable.read);
    const object = objectOf(inputs);
    const live = (await api.serves(object)) ? await api.get(object) : undefined;
    if (live === undefined) return undefined;
    return readState(subject, id, outputs, inputs, live as unknown as Values);
  }

  async invoke(token: string): Promise<Values> {
    throw new Refusal(`unknown function ${token}`);
  }

  /** Asks the API server what it would say, where the cluster, the kind and the namespace are there. */
  async #dryRun(subject: Subject, inputs: Values): Promise<void> {
    const api = await this.#world.reach();
    const object = objectOf(inputs);
    if (api === undefined || hasUnknown(inputs) || !(await api.serves(object))) return;
    // What it would patch may be yet to come.
    if (isPatch(subject) && (await api.get(object)) === undefined) return;
    const options: ApplyOptions = {
      manager: managerOf(subject, object as unknown as Values),
      dryRun: true,
      ...forced(object),
    };
    try {
      await api.apply(object, options);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // A namespace may be yet to come.
      if (error.status !== 404) throw creationFailed(subject, applyFailed(options.manager, error.message));
    }
  }

  async #create(api: Api, subject: Subject, object: KubernetesObject): Promise<void> {
    const manager = managerOf(subject, object as unknown as Values);
    // Since 4.29 the real provider no longer takes over what exists (pulumi-kubernetes CHANGELOG).
    if (!isPatch(subject) && (await api.get(object)) !== undefined) {
      await api.create(object, { manager, dryRun: true });
    }
    await api.apply(object, { manager, ...forced(object) });
  }

  /** Tries again for a while when the kind or the namespace is not there yet. */
  async #retried(
    subject: Subject,
    object: KubernetesObject,
    api: Api,
    act: () => Promise<void>,
  ): Promise<void> {
    let missing: ApiError | undefined;
    let done = false;
    const attempt = async () => {
      try {
        await act();
        missing = undefined;
        done = true;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status !== 404) {
          throw creationFailed(
            subject,
            applyFailed(managerOf(subject, object as unknown as Values), error.message),
          );
        }
        missing = error;
      }
    };
    const wait = {
      urn: subject.urn,
      get what() {
        return missing?.message ?? object.kind;
      },
      providedBy: ["kubernetes:helm.sh/v4:Chart", "kubernetes:core/v1:Namespace"],
      timeoutSeconds: missingTimeoutSeconds,
    };
    try {
      await untilPolled(this.#world.activity, wait, attempt, () => done);
    } catch (error) {
      if (!(error instanceof TimedOut)) throw error;
      const why = missing?.message ?? "";
      throw (await api.serves(object)) ? creationFailed(subject, why) : kindMissing(subject, object, why);
    }
  }

  #ready(api: Api, subject: Subject, object: KubernetesObject, state: State, failed: string): Promise<void> {
    return untilReady({ api, activity: this.#world.activity }, subject, object, state, failed);
  }

  async #reach(words: string): Promise<Api> {
    const api = await this.#world.reach();
    if (api === undefined) throw new Refusal(words);
    return api;
  }
}

/**
 * Gives up what a manager owns by applying nothing but the name: as the real one, it makes what is gone, or is refused by
 * kinds that cannot be empty.
 */
async function relinquish(api: Api, object: KubernetesObject, manager: string): Promise<void> {
  const bare = bareOf(object);
  if (!(await api.serves(bare))) return;
  try {
    await api.apply(bare, { manager });
  } catch (error) {
    const missing = error instanceof ApiError && requiredField(bare);
    throw missing && error.message.includes("Required value") ? relinquishFailed(missing) : error;
  }
}

function forced({ metadata }: KubernetesObject): { force: boolean } {
  return { force: metadata.annotations?.["pulumi.com/patchForce"] === "true" };
}
