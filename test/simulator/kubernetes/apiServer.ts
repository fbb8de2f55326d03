import { Refusal, type Values } from "../protocol/provider.ts";
import { sameValue } from "../protocol/values.ts";
import {
  defines,
  definitionKind,
  isDefinition,
  operatorDefinition,
  refusesDefinition,
  withoutUnknownFields,
} from "./definitions.ts";
import { Fields, type Operation } from "./fields.ts";
import { refusesKarpenterObject } from "./karpenterObjects.ts";
import { fromLeaves, type Key, type KubernetesObject, keyOf, leaves, resourceText } from "./object.ts";

interface Stored {
  readonly fields: Fields;
  generation: number;
}

export interface ApplyOptions {
  /** Take fields over instead of failing on a conflict. */
  readonly force?: boolean;
  /** Refuse what would be refused, and change nothing. */
  readonly dryRun?: boolean;
}

/** Kinds that every API server has, of those that occur here. */
const builtIn = new Set([
  definitionKind,
  "v1/Namespace",
  "v1/ConfigMap",
  "v1/Service",
  "v1/ServiceAccount",
  "apps/v1/Deployment",
  "apps/v1/DaemonSet",
  "networking.k8s.io/v1/NetworkPolicy",
  "rbac.authorization.k8s.io/v1/ClusterRole",
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
  "rbac.authorization.k8s.io/v1/Role",
  "rbac.authorization.k8s.io/v1/RoleBinding",
  "v1/Secret",
  "policy/v1/PodDisruptionBudget",
  "networking.k8s.io/v1/IngressClass",
  "storage.k8s.io/v1/StorageClass",
  "admissionregistration.k8s.io/v1/MutatingWebhookConfiguration",
  "admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration",
]);

/** Kinds without a namespace, of those that occur here. */
const clusterScoped =
  /Namespace$|CustomResourceDefinition$|ClusterRole(Binding)?$|(Ingress|Storage)Class$|WebhookConfiguration$|^operator\.tigera\.io\/|projectcalico\.org\/|^karpenter\./;

/**
 * A small Kubernetes API server in memory: namespaces, kinds that have to be installed, server-side apply with the
 * owners of fields, generations and finalizers.
 */
export class ApiServer {
  readonly #objects = new Map<Key, Stored>();
  readonly #guests: ReadonlySet<string>;
  readonly #onChange: () => void;

  /** @param guests kinds that others have installed: `monitoring.coreos.com/v1/ServiceMonitor` */
  constructor(onChange: () => void, guests: readonly string[] = []) {
    this.#onChange = onChange;
    this.#guests = new Set(guests);
    this.clear();
  }

  /**
   * Puts a controller's own definitions of kinds there, `operator.tigera.io/v1/Installation`: in the place of one that
   * another client has made; its objects stay.
   */
  defineKinds(kinds: readonly string[], manager: string): void {
    for (const definition of kinds.map(operatorDefinition)) {
      const key = keyOf(definition);
      if (this.#objects.has(key)) this.merge(key, { spec: asValues(definition)["spec"] ?? {} }, manager);
      else this.create(definition, manager);
    }
  }

  serves(kind: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
    const name = `${kind.apiVersion}/${kind.kind}`;
    return builtIn.has(name) || this.#guests.has(name) || this.#definition(kind) !== undefined;
  }

  /** Why an object cannot be there at all; undefined: its kind and its namespace are. */
  missing(object: KubernetesObject): string | undefined {
    const { apiVersion, kind, metadata } = object;
    if (!this.serves(object)) return `no matches for kind "${kind}" in version "${apiVersion}"`;
    const namespace = metadata.namespace ?? "default";
    return clusterScoped.test(`${apiVersion}/${kind}`) || this.#objects.has(`v1/Namespace//${namespace}`)
      ? undefined
      : `namespaces "${namespace}" not found`;
  }

  get(key: Key): KubernetesObject | undefined {
    const stored = this.#objects.get(key);
    if (stored === undefined) return undefined;
    const object = fromLeaves(stored.fields.values) as unknown as KubernetesObject;
    return { ...object, metadata: { ...object.metadata, generation: stored.generation } };
  }

  list(): KubernetesObject[] {
    return [...this.#objects.keys()].flatMap((key) => this.get(key) ?? []);
  }

  /** Owners of a field: `owners(key, "spec", "calicoNetwork", "ipPools")`. */
  owners(key: Key, ...path: readonly string[]): string[] {
    return this.#objects.get(key)?.fields.owners(JSON.stringify(path)) ?? [];
  }

  /** Gives a manager what some others own; values stay as they are. */
  adopt(key: Key, isAdopted: (owner: string, operation: Operation) => boolean, manager: string): void {
    this.#objects.get(key)?.fields.adopt(isAdopted, manager);
  }

  /** Whether a manager owns a field of an object otherwise than by server-side apply. */
  hasUpdateBy(key: Key, manager: string): boolean {
    return this.#objects.get(key)?.fields.hasUpdateBy(manager) ?? false;
  }

  /** POST: refuses an object that is there already. */
  create(object: KubernetesObject, manager: string): void {
    const admitted = this.#admit(object);
    if (this.#objects.has(keyOf(object))) throw new Refusal(`${resourceText(object)} already exists`);
    this.#write(keyOf(object), (fields) => fields.update(leaves(asValues(admitted)), manager));
  }

  /**
   * Server-side apply: makes the object, or sets its fields and gives up those of this manager that are left out.
   * @throws Refusal where fields belong to someone else
   */
  apply(object: KubernetesObject, manager: string, { force, dryRun }: ApplyOptions = {}): void {
    const wanted = leaves(asValues(this.#admit(object)));
    const conflict = this.#objects.get(keyOf(object))?.fields.conflict(wanted, manager, object.apiVersion);
    if (conflict !== undefined && force !== true) throw new Refusal(conflict);
    if (dryRun !== true) this.#write(keyOf(object), (fields) => fields.apply(wanted, manager));
  }

  /** Merge patch, as a controller writes: sets leaves and owns those that it changed. */
  merge(key: Key, patch: Values, manager: string): void {
    const fields = this.#objects.get(key)?.fields;
    const wanted = leaves(patch);
    // A controller that reconciles on every change must not make one by writing what is there.
    if (fields === undefined || [...wanted].every(([path, to]) => sameValue(fields.values.get(path), to)))
      return;
    this.#write(key, () => fields.update(wanted, manager));
  }

  /** Deletes, or marks as being deleted while finalizers are left. */
  delete(key: Key): void {
    this.merge(key, { metadata: { deletionTimestamp: "now" } }, "api-server");
  }

  /** Forgets everything: the cluster is gone. */
  clear(): void {
    this.#objects.clear();
    for (const name of ["default", "kube-system"]) {
      this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "api-server");
    }
  }

  /** The object as it is stored. */
  #admit(object: KubernetesObject): KubernetesObject {
    const refusal =
      this.missing(object) ??
      (isDefinition(object) ? refusesDefinition(object) : undefined) ??
      refusesKarpenterObject(object);
    if (refusal !== undefined) throw new Refusal(refusal);
    const definition = this.#definition(object);
    return definition === undefined ? object : withoutUnknownFields(object, definition);
  }

  #definition(kind: Pick<KubernetesObject, "apiVersion" | "kind">): KubernetesObject | undefined {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(`${definitionKind}/`));
    return keys.flatMap((key) => this.get(key) ?? []).find((definition) => defines(definition, kind));
  }

  /** A definition takes every object of its kind along. */
  #remove(gone: KubernetesObject): void {
    this.#objects.delete(keyOf(gone));
    if (!isDefinition(gone)) return;
    for (const object of this.list()) if (defines(gone, object)) this.#objects.delete(keyOf(object));
  }

  #write(key: Key, write: (fields: Fields) => void): void {
    const stored = this.#objects.get(key) ?? { fields: new Fields(), generation: 0 };
    const before = stored.fields.spec;
    write(stored.fields);
    if (!sameValue(before, stored.fields.spec)) stored.generation += 1;
    this.#objects.set(key, stored);
    const written = this.get(key);
    if (written !== undefined && isGone(written)) this.#remove(written);
    this.#onChange();
  }
}

function isGone({ metadata: { deletionTimestamp, finalizers = [] } }: KubernetesObject): boolean {
  return deletionTimestamp !== undefined && finalizers.length === 0;
}

/** Without the generation, which the API server alone counts. */
function asValues(object: KubernetesObject): Values {
  const { generation: _, ...metadata } = object.metadata;
  return JSON.parse(JSON.stringify({ ...object, metadata }));
}
