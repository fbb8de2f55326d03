import { annotationPrefix } from "../../specs/annotations.ts";

/** Begins the name of every field manager that this program names. */
export const managerPrefix = "calico-ebpf-eks-";

/** Names an object that this program made, so that a later run knows it. */
export const madeByUs = { "app.kubernetes.io/managed-by": "calico-ebpf-eks" } as const;

/** As much of an object as tells whose its fields are. */
export interface Managed {
  readonly metadata?: { readonly managedFields?: readonly ManagedFields[] };
}

interface ManagedFields {
  readonly manager?: string;
  readonly fieldsV1?: unknown;
}

/** Field managers that own a field of an object; a path is made of names: `["spec", "bpfEnabled"]`. */
export function managersOf({ metadata }: Managed, path: readonly string[]): string[] {
  const entries = metadata?.managedFields ?? [];
  return entries.flatMap(({ manager, fieldsV1 }) =>
    manager !== undefined && owns(fieldsV1, path) ? [manager] : [],
  );
}

/**
 * Whether this program owns a field, and alone: what somebody else says, too, is theirs. A second patch of an object has a
 * manager that the provider names; it is known by an annotation of this program, which it owns too.
 */
export function isOurs(object: Managed, path: readonly string[]): boolean {
  const managers = managersOf(object, path);
  return managers.length > 0 && managers.every((manager) => isOurManager(object, manager));
}

function isOurManager({ metadata }: Managed, manager: string): boolean {
  if (manager.startsWith(managerPrefix)) return true;
  const fields = metadata?.managedFields?.filter((one) => one.manager === manager) ?? [];
  return fields.some(({ fieldsV1 }) => ownsAnnotationOfOurs(fieldsV1));
}

function ownsAnnotationOfOurs(fields: unknown): boolean {
  const annotations = inner(fields, ["metadata", "annotations"]);
  return (
    typeof annotations === "object" &&
    annotations !== null &&
    Object.keys(annotations).some((key) => key.startsWith(`f:${annotationPrefix}/`))
  );
}

function owns(fields: unknown, path: readonly string[]): boolean {
  return inner(fields, path) !== undefined;
}

function inner(fields: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === "object" && found !== null ? Reflect.get(found, `f:${name}`) : undefined,
    fields,
  );
}
