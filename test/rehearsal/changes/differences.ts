import { sameValue } from "../../simulator/protocol/values.ts";

/** A changed setting. */
export interface SettingChange {
  /** As in the stack file, without the project: `calico.dataplane`. */
  readonly path: string;
  /** As YAML on one line; undefined: not set. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The differences between two complete settings, leaf by leaf, in the order of the first. */
export function differences(from: unknown, to: unknown, path: readonly string[] = []): SettingChange[] {
  if (sameValue(from, to)) return [];
  if (!isMapping(from) || !isMapping(to)) return [{ path: path.join("."), from: text(from), to: text(to) }];
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys.flatMap((key) => differences(from[key], to[key], [...path, key]));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
