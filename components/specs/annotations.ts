import { createHash } from "node:crypto";

/** Prefix of this program's own annotations. */
export const annotationPrefix = "calico-ebpf-eks";

/** Names the dataplane, so that a switch changes what carries it. */
export const dataplaneAnnotation = `${annotationPrefix}/dataplane`;

/** Names the settings that a gate depends on, so that a change makes it wait again. */
export const settingsAnnotation = `${annotationPrefix}/settings-digest`;

/** Names the API server's address in a pod's template, so that a change of it restarts the pods. */
export const endpointAnnotation = `${annotationPrefix}/endpoint-digest`;

/** Marks the fields of FelixConfiguration that this program set, where this program does not name their field manager. */
export const fieldsAnnotation = `${annotationPrefix}/fields`;

/** Label of a namespace with the starter policies. */
export const defaultDenyLabel = `${annotationPrefix}/default-deny`;

/** The operator removes its finalizers only while it runs: what it owns is deleted first, without blocking. */
export const deleteInBackground = { "pulumi.com/deletionPropagationPolicy": "background" } as const;

/**
 * Keeps the engine from waiting on the resource itself. The gates write `pulumi.com/waitFor` into the same objects, and
 * the provider reads that from the live object: without this, the reversal of a broken cluster would hang on its first
 * step (measured with pulumi-kubernetes 4.32).
 */
export const doNotWait = { "pulumi.com/skipAwait": "true" } as const;

/** Annotation of a patch: its field manager, whose name begins with the program's and never changes. */
export function fieldManager(name: string): Record<string, string> {
  return { "pulumi.com/patchFieldManager": `${annotationPrefix}-${name}` };
}

/** Annotations of a gate: wait for a condition of the live object, under a field manager that never changes. */
export function gate(waitFor: string, timeoutSeconds: number, manager: string): Record<string, string> {
  return {
    "pulumi.com/waitFor": waitFor,
    "pulumi.com/timeoutSeconds": String(timeoutSeconds),
    ...fieldManager(manager),
  };
}

/** A short hash of the value, independent of the order of keys. */
export function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 12);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
