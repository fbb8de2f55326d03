import type { KubernetesObject } from "../kubernetes/object.ts";
import type { Values } from "../protocol/provider.ts";
import { ApiError, type Client } from "./client.ts";

/** What names an object. */
export type ObjectName = Pick<KubernetesObject, "apiVersion" | "kind"> & {
  readonly metadata: Pick<KubernetesObject["metadata"], "name" | "namespace">;
};

export interface ApplyOptions {
  /** Field manager. */
  readonly manager: string;
  /** Take fields over instead of failing on a conflict. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/** Objects of a real API server, by their kind. */
export class Api {
  readonly client: Client;
  readonly #resources = new Map<string, Resource>();

  constructor(client: Client) {
    this.client = client;
  }

  /** Whether the kind is there: built in, or its CRD is established. */
  async serves({ apiVersion, kind }: Pick<ObjectName, "apiVersion" | "kind">): Promise<boolean> {
    return (await this.#resource(apiVersion, kind)) !== undefined;
  }

  async get(name: ObjectName): Promise<KubernetesObject | undefined> {
    return asObject(await this.client.find(await this.#path(name)));
  }

  /** POST: refuses an object that is there already. */
  async create(
    object: KubernetesObject,
    { manager, dryRun = false }: ApplyOptions,
  ): Promise<KubernetesObject> {
    const query = { fieldManager: manager, ...dry(dryRun) };
    const path = await this.#collection(object);
    return asObject(await this.client.send({ method: "POST", path, query, body: object }));
  }

  /** Server-side apply. */
  async apply(
    object: KubernetesObject,
    { manager, force = false, dryRun = false }: ApplyOptions,
  ): Promise<KubernetesObject> {
    const query = { fieldManager: manager, force: String(force), ...dry(dryRun) };
    const contentType = "application/apply-patch+yaml";
    const path = await this.#path(object);
    return asObject(await this.client.send({ method: "PATCH", path, query, contentType, body: object }));
  }

  /** Merge patch, as a controller writes; `null` removes a field. */
  async merge(
    name: ObjectName,
    patch: object,
    manager: string,
    subresource: "" | "status" = "",
  ): Promise<KubernetesObject> {
    const path = `${await this.#path(name)}${subresource && `/${subresource}`}`;
    const contentType = "application/merge-patch+json";
    const query = { fieldManager: manager };
    return asObject(await this.client.send({ method: "PATCH", path, query, contentType, body: patch }));
  }

  /** Deletes; does nothing when it is gone already. */
  async delete(name: ObjectName, options: Values = {}): Promise<void> {
    if (!(await this.serves(name))) return;
    const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
    try {
      await this.client.send({ method: "DELETE", path: await this.#path(name), body });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }

  /** Path of all objects of a kind, in every namespace. */
  async listPath(apiVersion: string, kind: string): Promise<string> {
    return `${root(apiVersion)}/${(await this.#known(apiVersion, kind)).plural}`;
  }

  async #path(name: ObjectName): Promise<string> {
    return `${await this.#collection(name)}/${name.metadata.name}`;
  }

  async #collection({ apiVersion, kind, metadata }: ObjectName): Promise<string> {
    const { plural, namespaced } = await this.#known(apiVersion, kind);
    const within = namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${root(apiVersion)}${within}/${plural}`;
  }

  async #known(apiVersion: string, kind: string): Promise<Resource> {
    const resource = await this.#resource(apiVersion, kind);
    if (resource !== undefined) return resource;
    throw new ApiError(404, "NoMatch", `no matches for kind "${kind}" in version "${apiVersion}"`);
  }

  async #resource(apiVersion: string, kind: string): Promise<Resource | undefined> {
    const known = this.#resources.get(`${apiVersion}/${kind}`);
    if (known !== undefined) return known;
    const { resources = [] } = ((await this.client.find(root(apiVersion))) ?? {}) as {
      resources?: readonly { name: string; kind: string; namespaced: boolean }[];
    };
    // Once served, a kind of this rehearsal stays served.
    for (const { name, kind: served, namespaced } of resources.filter((one) => !one.name.includes("/"))) {
      this.#resources.set(`${apiVersion}/${served}`, { plural: name, namespaced });
    }
    return this.#resources.get(`${apiVersion}/${kind}`);
  }
}

function root(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function dry(dryRun: boolean): Record<string, string> {
  return dryRun ? { dryRun: "All" } : {};
}

function asObject(values: Values): KubernetesObject;
function asObject(values: Values | undefined): KubernetesObject | undefined;
function asObject(values: Values | undefined): KubernetesObject | undefined {
  return values as unknown as KubernetesObject | undefined;
}
