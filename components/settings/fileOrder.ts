import type { Problem } from "../values/problem.ts";
import { settingsSchema } from "./schema.ts";

/** Keys of a stack file in the order of its schema; whatever has another path comes before them. */
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
