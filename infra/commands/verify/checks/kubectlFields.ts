import type { CalicoObject, ManagedFields } from "../reading/calico.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A field that kubectl wrote. */
export interface KubectlField {
  /** `spec.wireguardEnabled` */
  readonly path: string;
  /** Field manager, as in `metadata.managedFields`. */
  readonly manager: string;
}

/** Field managers whose fields pulumi-kubernetes takes over at an update (provider/pkg/await/await.go, fixCSAFieldManagers). */
const takenOver = /^(kubectl|before-first-apply)/;

/** Fields of the spec that kubectl wrote and that are not wanted: the next update of the object drops them. */
export function kubectlFields(wanted: Fields, { metadata }: CalicoObject): KubectlField[] {
  const entries = metadata.managedFields ?? [];
  return entries
    .filter(({ manager, subresource }) => takenOver.test(manager ?? "") && !subresource)
    .flatMap(({ manager = "", fieldsV1 }) =>
      unwanted(fieldsOf(fieldsV1, "f:spec"), wanted, "spec").map((path) => ({ path, manager })),
    );
}

function unwanted(fields: Fields, wanted: Fields, path: string): string[] {
  return Object.keys(fields)
    .filter((key) => key.startsWith("f:"))
    .flatMap((key) => {
      const name = key.slice(2);
      const [inner, value] = [fieldsOf(fields, key), wanted[name]];
      const isLeaf = Object.keys(inner).every((one) => !one.startsWith("f:"));
      if (isLeaf || !isFields(value)) return value === undefined ? [`${path}.${name}`] : [];
      return unwanted(inner, value, `${path}.${name}`);
    });
}

function fieldsOf(fields: ManagedFields["fieldsV1"], key: string): Fields {
  const inner = isFields(fields) ? fields[key] : undefined;
  return isFields(inner) ? inner : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
