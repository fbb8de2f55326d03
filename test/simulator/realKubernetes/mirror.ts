import { setTimeout as sleep } from "node:timers/promises";
import { type Key, type KubernetesObject, keyOf } from "../kubernetes/object.ts";
import { sameValue } from "../protocol/values.ts";
import type { Api } from "./api.ts";
import { type Change, changeOf } from "./history.ts";

/** A present copy of some kinds of objects, kept by watching them. */
export class Mirror {
  readonly #api: Api;
  readonly #onChange: () => void;
  readonly #record: (change: Change) => void;
  readonly #objects = new Map<Key, KubernetesObject>();
  readonly #followed = new Set<string>();
  #stopped = false;

  /**
   * @param onChange notified of every change except heartbeats
   * @param record gets every change, kind by kind in its order
   */
  constructor(api: Api, onChange: () => void, record: (change: Change) => void = () => {}) {
    this.#api = api;
    this.#onChange = onChange;
    this.#record = record;
  }

  get(key: Key): KubernetesObject | undefined {
    return this.#objects.get(key);
  }

  all(): KubernetesObject[] {
    return [...this.#objects.values()];
  }

  ofKind(apiVersion: string, kind: string): KubernetesObject[] {
    return [...this.#objects.values()].filter((one) => one.apiVersion === apiVersion && one.kind === kind);
  }

  /** Begins to follow a kind; returns when what is there has been read. */
  async follow(apiVersion: string, kind: string): Promise<void> {
    if (this.#followed.has(`${apiVersion}/${kind}`)) return;
    const path = await this.#api.listPath(apiVersion, kind);
    const version = await this.#list(path, apiVersion, kind);
    this.#followed.add(`${apiVersion}/${kind}`);
    void this.#watch(path, version, apiVersion, kind);
  }

  /** Takes in what a write returned, without waiting for the watch to tell. */
  take(object: KubernetesObject): void {
    this.#put(object);
  }

  stop(): void {
    this.#stopped = true;
  }

  async #list(path: string, apiVersion: string, kind: string): Promise<string> {
    const answer = await this.#api.client.send({ method: "GET", path });
    const { items, metadata } = answer as unknown as {
      items: KubernetesObject[];
      metadata: { resourceVersion: string };
    };
    const found = items.map((item) => ({ ...item, apiVersion, kind }));
    const keys = new Set(found.map(keyOf));
    for (const gone of this.ofKind(apiVersion, kind)
      .map(keyOf)
      .filter((key) => !keys.has(key))) {
      this.#objects.delete(gone);
    }
    for (const object of found) this.#put(object);
    this.#onChange();
    return metadata.resourceVersion;
  }

  async #watch(path: string, since: string, apiVersion: string, kind: string): Promise<void> {
    let version = since;
    while (!this.#stopped) {
      try {
        await this.#api.client.watch(path, version, (event) => {
          const { type, object } = event as unknown as { type: string; object: KubernetesObject };
          if (type === "ERROR") throw new Error("the watch is too old");
          version = versionOf(object) ?? version;
          if (type === "DELETED") this.#remove(object);
          else if (type !== "BOOKMARK") this.#put(object);
        });
      } catch {
        if (this.#stopped) return;
        await sleep(200);
        version = await this.#list(path, apiVersion, kind).catch(() => version);
      }
    }
  }

  #put(object: KubernetesObject): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (before !== undefined && Number(versionOf(before)) >= Number(versionOf(object))) return;
    this.#objects.set(key, object);
    this.#record(changeOf(object, false));
    if (before === undefined || !sameValue(essence(before), essence(object))) this.#onChange();
  }

  #remove(object: KubernetesObject): void {
    const present = this.#objects.get(keyOf(object));
    if (present === undefined) return;
    this.#record(changeOf(object, true));
    // One of the same name may have been made, and taken in, before the watch reported that this one is gone.
    if (Number(versionOf(present)) > Number(versionOf(object))) return;
    this.#objects.delete(keyOf(object));
    this.#onChange();
  }
}

function versionOf({ metadata }: KubernetesObject): string | undefined {
  const { resourceVersion } = metadata as { resourceVersion?: string };
  return resourceVersion;
}

/** What counts as a change: heartbeats and bookkeeping do not. */
function essence(object: KubernetesObject): unknown {
  return JSON.parse(
    JSON.stringify(object, (key, value) =>
      ["resourceVersion", "managedFields", "lastHeartbeatTime", "lastProbeTime"].includes(key)
        ? undefined
        : value,
    ),
  );
}
