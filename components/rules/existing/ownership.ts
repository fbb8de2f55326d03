/** Begins the name of every field manager of this program. */
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

/** Whether this program owns a field, and alone: what somebody else says, too, is theirs. */
export function isOurs(object: Managed, path: readonly string[]): boolean {
  const managers = managersOf(object, path);
  return managers.length > 0 && managers.every((manager) => manager.startsWith(managerPrefix));
}

function owns(fields: unknown, path: readonly string[]): boolean {
  const found = path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null ? Reflect.get(inner, `f:${name}`) : undefined,
    fields,
  );
  return found !== undefined;
}
