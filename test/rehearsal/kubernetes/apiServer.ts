import { Refusal, type Value, type Values } from "../protocol/provider.ts";
import { sameValue } from "../protocol/values.ts";
import { fromLeaves, type Key, type KubernetesObject, keyOf, leaves, pathText } from "./object.ts";

/** An object with the owners of each of its fields. */
interface Stored {
  fields: Map<string, Value>;
  owners: Map<string, Set<string>>;
  generation: number;
}

export interface ApplyOptions {
  /** Take fields over instead of failing on a conflict. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Kinds that every API server has, of those that occur here. */
const builtIn = new Set([
  "v1/Namespace",
  "v1/ConfigMap",
  "v1/ServiceAccount",
  "apps/v1/Deployment",
  "apps/v1/DaemonSet",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
]);

/** Kinds without a namespace, of those that occur here. */
const clusterScoped = /Namespace$|ClusterRole(Binding)?$|^operator\.tigera\.io\/|projectcalico\.org\//;

/**
 * A small Kubernetes API server in memory: namespaces, kinds that have to be installed, server-side apply with the
 * owners of fields, generations and finalizers.
 */
export class ApiServer {
  readonly #objects = new Map<Key, Stored>();
  readonly #installed = new Set<string>();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.clear();
  }

  /** Makes kinds available: `operator.tigera.io/v1/Installation`. */
  installKinds(kinds: readonly string[]): void {
    for (const kind of kinds) this.#installed.add(kind);
    this.#onChange();
  }

  serves({ apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
    return builtIn.has(`${apiVersion}/${kind}`) || this.#installed.has(`${apiVersion}/${kind}`);
  }

  get(key: Key): KubernetesObject | undefined {
    const stored = this.#objects.get(key);
    if (stored === undefined) return undefined;
    const object = fromLeaves(stored.fields) as unknown as KubernetesObject;
    return { ...object, metadata: { ...object.metadata, generation: stored.generation } };
  }

  list(): KubernetesObject[] {
    return [...this.#objects.keys()].flatMap((key) => this.get(key) ?? []);
  }

  /** POST: refuses an object that is there already. */
  create(object: KubernetesObject, manager: string, { dryRun = false }: ApplyOptions = {}): void {
    this.#admit(object);
    const key = keyOf(object);
    if (this.#objects.has(key)) {
      throw new Refusal(`${plural(object)} "${object.metadata.name}" already exists`);
    }
    if (dryRun) return;
    const fields = leaves(asValues(object));
    const owners = new Map([...fields.keys()].map((path) => [path, new Set([manager])]));
    this.#objects.set(key, { fields, owners, generation: 1 });
    this.#onChange();
  }

  /** Server-side apply: sets fields, gives up those of this manager that are left out. */
  apply(
    object: KubernetesObject,
    manager: string,
    { force = false, dryRun = false }: ApplyOptions = {},
  ): void {
    this.#admit(object);
    const stored = this.#objects.get(keyOf(object));
    if (stored === undefined) {
      this.create(object, manager, { dryRun });
      return;
    }
    const wanted = leaves(asValues(object));
    if (!force) refuseConflicts(stored, wanted, manager, object);
    if (dryRun) return;
    const before = specOf(stored);
    for (const [path, owners] of stored.owners) {
      if (!wanted.has(path) && owners.delete(manager) && owners.size === 0) {
        stored.fields.delete(path);
        stored.owners.delete(path);
      }
    }
    for (const [path, value] of wanted) {
      const shared = sameValue(stored.fields.get(path), value) ? stored.owners.get(path) : undefined;
      stored.fields.set(path, value);
      stored.owners.set(path, new Set([...(shared ?? []), manager]));
    }
    if (!sameValue(before, specOf(stored))) stored.generation += 1;
    this.#onChange();
  }

  /** Merge patch, as a controller writes: sets leaves and owns those that it changed. */
  merge(key: Key, patch: Values, manager: string): void {
    const stored = this.#objects.get(key);
    if (stored === undefined) return;
    const before = specOf(stored);
    let changed = false;
    for (const [path, value] of leaves(patch)) {
      if (sameValue(stored.fields.get(path), value)) continue;
      stored.fields.set(path, value);
      stored.owners.set(path, new Set([manager]));
      changed = true;
    }
    if (!changed) return;
    if (!sameValue(before, specOf(stored))) stored.generation += 1;
    this.#onChange();
  }

  /** Deletes, or marks as being deleted while finalizers are left. */
  delete(key: Key): void {
    const object = this.get(key);
    if (object === undefined) return;
    if ((object.metadata.finalizers ?? []).length > 0) {
      this.merge(key, { metadata: { deletionTimestamp: "now" } }, "api-server");
      return;
    }
    this.#objects.delete(key);
    this.#onChange();
  }

  /** Forgets everything: the cluster is gone. */
  clear(): void {
    this.#objects.clear();
    this.#installed.clear();
    for (const name of ["default", "kube-system"]) {
      this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "api-server");
    }
  }

  #admit(object: KubernetesObject): void {
    const { apiVersion, kind, metadata } = object;
    if (!this.serves(object)) throw new Refusal(`no matches for kind "${kind}" in version "${apiVersion}"`);
    if (clusterScoped.test(`${apiVersion}/${kind}`)) return;
    const namespace = metadata.namespace ?? "default";
    if (!this.#objects.has(`v1/Namespace//${namespace}`)) {
      throw new Refusal(`namespaces "${namespace}" not found`);
    }
  }
}

function refuseConflicts(
  stored: Stored,
  wanted: ReadonlyMap<string, Value>,
  manager: string,
  object: KubernetesObject,
): void {
  for (const [path, value] of wanted) {
    const others = [...(stored.owners.get(path) ?? [])].filter((owner) => owner !== manager);
    if (others.length === 0 || sameValue(stored.fields.get(path), value)) continue;
    throw new Refusal(
      `the Kubernetes API server reported that "${object.metadata.name}" failed to apply: ` +
        `Apply failed with 1 conflict: conflict with "${others[0]}" using ${object.apiVersion}: ${pathText(path)}`,
    );
  }
}

/** What counts for the generation: all but metadata and status. */
function specOf({ fields }: Stored): Values {
  const counts = [...fields].filter(([path]) => !/^\["(metadata|status)"/.test(path));
  return Object.fromEntries(counts);
}

function plural({ kind }: KubernetesObject): string {
  return `${kind.toLowerCase()}s`;
}

function asValues(object: KubernetesObject): Values {
  const { generation: _, ...metadata } = object.metadata;
  return JSON.parse(JSON.stringify({ ...object, metadata }));
}
