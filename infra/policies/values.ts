/** The engine's placeholder for a value that is unknown in a preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is unknown: no policy checks it before it is known. */
export function isUnknown(value: unknown): boolean {
  // A preview as JSON hides secrets.
  return value === unknown || value === "[secret]";
}

/** The value at a path of keys and places; unknown below anything unknown, undefined where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (isUnknown(inner)) return unknown;
    return typeof inner === "object" && inner !== null
      ? (inner as Record<string | number, unknown>)[key]
      : undefined;
  }, value);
}

/** The entries of a list; one for a single value, none for nothing. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Whether a switch is on; the provider also accepts the string "true". */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** Whether a value is known and wrong. */
export function isOtherThan(value: unknown, needed: unknown): boolean {
  return !isUnknown(value) && value !== needed;
}
