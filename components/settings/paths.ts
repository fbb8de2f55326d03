import type { Problem } from "../values/problem.ts";
import { settingsSchema } from "./schema.ts";

/** Steps to a value: names and indices. */
export type Path = readonly PropertyKey[];

/** A path as text: `nodePools.arm.instanceTypes[0]`, `tags["cost center"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = String(step);
    if (!/^[\w-]+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** The value at a path of the input; undefined when there is none. */
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

/** Keys of a stack file in the order of its schema; anything else comes before them. */
const keys = Object.keys(settingsSchema.shape);

/** The problems in the order in which the settings stand in the file; those at one place keep their order. */
export function inFileOrder(problems: readonly Problem[], settings: unknown): Problem[] {
  return problems.toSorted((one, other) => compare(place(one.path, settings), place(other.path, settings)));
}

/** Index of every step of a path among its neighbours: `nodePools.arm` → [2, 1]. */
function place(path: string, settings: unknown): number[] {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== "");
  let here: unknown = settings;
  return steps.map((step, depth) => {
    const entries: [string, unknown][] =
      typeof here === "object" && here !== null ? Object.entries(here) : [];
    const index = depth === 0 ? keys.indexOf(step) : entries.findIndex(([key]) => key === step);
    here = entries.find(([key]) => key === step)?.[1];
    return depth > 0 && index < 0 ? entries.length : index;
  });
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differences = one.map((index, depth) => index - (other[depth] ?? -1));
  return differences.find((difference) => difference !== 0) ?? one.length - other.length;
}
