/** Steps to a value: names and indices. */
export type Path = readonly PropertyKey[];

/** Writes a path as a person would: `nodePools.arm.instanceTypes[0]`, `tags["cost center"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = String(step);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** The value at a path of what was written; undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, step)
        ? Reflect.get(inner, step)
        : undefined,
    value,
  );
}

/** A copy with another value at a path; undefined removes it. */
export function withValue(outer: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(outer)) {
    return outer.map((inner, index) => (index === step ? withValue(inner, rest, value) : inner));
  }
  if (typeof outer !== "object" || outer === null) return outer;
  const inner = withValue(Reflect.get(outer, step), rest, value);
  const { [String(step)]: _, ...others } = outer as Record<string, unknown>;
  return inner === undefined ? others : { ...outer, [String(step)]: inner };
}
