import { isDeepStrictEqual } from "node:util";
import { UNKNOWN, type Value, type Values } from "../protocol/provider.ts";

function isRecord(value: Value | undefined): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path such as `vpcConfig.subnetIds`; undefined when there is none, or null. */
export function at(values: Values, path: string): Value | undefined {
  let value: Value | undefined = values;
  for (const key of path.split(".")) value = isRecord(value) ? value[key] : undefined;
  return value ?? undefined;
}

/** The string, number or boolean at a path, as a string; "" when there is none. */
export function text(values: Values, path: string): string {
  const value = at(values, path);
  return value === undefined || typeof value === "object" ? "" : String(value);
}

/** The strings at a path that holds a list or a single one. */
export function texts(values: Values, path: string): string[] {
  const value = at(values, path);
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === "string");
}

export function number(values: Values, path: string): number | undefined {
  const value = at(values, path);
  return typeof value === "number" ? value : undefined;
}

export function record(values: Values, path: string): Values {
  const value = at(values, path);
  return isRecord(value) ? value : {};
}

export function records(values: Values, path: string): Values[] {
  const value = at(values, path);
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** False when the value is, or contains, something that a preview cannot know yet. */
export function isKnown(value: Value | undefined): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isKnown);
  return isRecord(value) ? Object.values(value).every(isKnown) : true;
}

/** Names of the properties whose values differ. The order of keys does not matter, null is as good as absent. */
export function changedProperties(olds: Values, news: Values): string[] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...names].filter((name) => !isDeepStrictEqual(olds[name] ?? undefined, news[name] ?? undefined));
}

/** The values without those that are null. */
export function withoutNulls(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
