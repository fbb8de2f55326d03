import { isDeepStrictEqual } from "node:util";

type Fields = Readonly<Record<string, unknown>>;

/** A field that is not as it should be. */
export interface Drift {
  /** `spec.calicoNetwork.mtu` */
  readonly path: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/**
 * Every field of what is wanted that is otherwise in what is found, to the deepest field that differs. Fields that nobody
 * asked for are left alone: others have a say in these objects, too. Lists count as a whole.
 */
export function driftOf(wanted: Fields, found: Fields, path = "spec"): Drift[] {
  return Object.entries(wanted).flatMap(([field, value]) => {
    const present = found[field];
    const where = `${path}.${field}`;
    if (isFields(value) && isFields(present)) return driftOf(value, present, where);
    return isDeepStrictEqual(value, present) ? [] : [{ path: where, found: present, wanted: value }];
  });
}

/** `spec.bpfExternalServiceMode is "Tunnel", the stack says "DSR"` */
export function driftText({ path, found, wanted }: Drift): string {
  const shown = (value: unknown) => (value === undefined ? "not set" : JSON.stringify(value));
  return `${path} is ${shown(found)}, the stack says ${shown(wanted)}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
