import type { Value, Values } from "../protocol/provider.ts";

/** A Kubernetes object as the simulated API server keeps it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  /** Everything else: spec, data, status. */
  readonly [field: string]: unknown;
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
}

/** Identity of an object: `apps/v1/Deployment/tigera-operator/tigera-operator`. */
export type Key = string;

export function keyOf({
  apiVersion,
  kind,
  metadata,
}: Pick<KubernetesObject, "apiVersion" | "kind" | "metadata">): Key {
  return [apiVersion, kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** The value at a dotted path; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, part) => {
    return typeof inner === "object" && inner !== null ? Reflect.get(inner, part) : undefined;
  }, value);
}

/** Leaves of an object by path. Lists are leaves: the lists that matter here are atomic, as in Calico's own CRDs. */
export function leaves(value: Values, prefix: readonly string[] = []): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const [key, inner] of Object.entries(value)) {
    const path = [...prefix, key];
    if (!isMapping(inner) || Object.keys(inner).length === 0) {
      found.set(JSON.stringify(path), inner);
      continue;
    }
    for (const [deeper, leaf] of leaves(inner, path)) found.set(deeper, leaf);
  }
  return found;
}

/** Builds an object from leaves by path. */
export function fromLeaves(found: ReadonlyMap<string, Value>): Values {
  const result: Values = {};
  for (const [path, leaf] of found) {
    const parts = JSON.parse(path) as string[];
    const last = parts.pop() ?? "";
    const parent = parts.reduce(mappingIn, result);
    // An empty mapping is a leaf, too, and must not delete what another client put into it.
    if (isMapping(leaf) && isMapping(parent[last])) continue;
    parent[last] = structuredClone(leaf);
  }
  return result;
}

function mappingIn(parent: Values, key: string): Values {
  const present = parent[key];
  if (isMapping(present)) return present;
  const created: Values = {};
  parent[key] = created;
  return created;
}

function isMapping(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes a leaf's path as the API server does in its messages: `.spec.calicoNetwork.ipPools`. */
export function pathText(path: string): string {
  return (JSON.parse(path) as string[]).map((part) => `.${part}`).join("");
}

/** Names an object as the API server does in its messages: `installations.operator.tigera.io "default"`. */
export function resourceText({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
  return `${kind.toLowerCase()}s${group} "${metadata.name}"`;
}

/** The object that a resource's inputs describe. In a definition, Pulumi writes `x_kubernetes_…` for `x-kubernetes-…`. */
export function objectOf(inputs: Values): KubernetesObject {
  if (inputs["kind"] !== "CustomResourceDefinition") return inputs as unknown as KubernetesObject;
  return JSON.parse(JSON.stringify(inputs), function (this: Values, key, value) {
    if (!key.startsWith("x_kubernetes_")) return value;
    this[key.replaceAll("_", "-")] = value;
    return undefined;
  });
}
