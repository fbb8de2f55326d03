import type { Value, Values } from "../protocol/provider.ts";
import { sameValue } from "../protocol/values.ts";
import { pathText } from "./object.ts";

/** Leaves of an object by path. */
export type Leaves = ReadonlyMap<string, Value>;

export type Operation = "Apply" | "Update";

/**
 * The fields of one object and who owns each, after the rules of server-side apply
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 */
export class Fields {
  readonly #values = new Map<string, Value>();
  /** By path: each owner, and what it last did to the field. */
  readonly #owners = new Map<string, Map<string, Operation>>();

  get values(): Leaves {
    return this.#values;
  }

  /** What counts for the generation: all but metadata and status. */
  get spec(): Values {
    return Object.fromEntries([...this.#values].filter(([path]) => !/^\["(metadata|status)"/.test(path)));
  }

  owners(path: string): string[] {
    return [...(this.#owners.get(path)?.keys() ?? [])];
  }

  /** As a POST or a controller writes: what it changes is its own, what it leaves as it is stays whose it was. */
  update(wanted: Leaves, manager: string): void {
    for (const [path, value] of wanted) {
      if (sameValue(this.#values.get(path), value)) continue;
      this.#values.set(path, value);
      this.#owners.set(path, new Map([[manager, "Update"]]));
    }
  }

  /** Sets fields, shares those that are equal, gives up those of this manager that are left out. */
  apply(wanted: Leaves, manager: string): void {
    for (const [path, owners] of this.#owners) {
      if (wanted.has(path) || !owners.delete(manager) || owners.size > 0) continue;
      this.#values.delete(path);
      this.#owners.delete(path);
    }
    for (const [path, value] of wanted) {
      const shared = sameValue(this.#values.get(path), value) ? this.#owners.get(path) : undefined;
      this.#values.set(path, value);
      this.#owners.set(path, new Map([...(shared ?? []), [manager, "Apply"]]));
    }
  }

  /** Gives a manager by server-side apply whatever some others own. */
  adopt(isAdopted: (owner: string, operation: Operation) => boolean, manager: string): void {
    for (const owners of this.#owners.values()) {
      const adopted = [...owners].filter(([owner, operation]) => isAdopted(owner, operation));
      for (const [owner] of adopted) owners.delete(owner);
      if (adopted.length > 0) owners.set(manager, "Apply");
    }
  }

  /** Whether a manager owns a field by a POST, a PUT or another patch than apply. */
  hasUpdateBy(manager: string): boolean {
    return [...this.#owners.values()].some((owners) => owners.get(manager) === "Update");
  }

  /** What the API server says of fields that others own with another value; undefined: there are none. */
  conflict(wanted: Leaves, manager: string, apiVersion: string): string | undefined {
    const byOwner = new Map<string, string[]>();
    for (const [path, value] of wanted) {
      if (sameValue(this.#values.get(path), value)) continue;
      for (const [owner, operation] of this.#owners.get(path) ?? []) {
        if (owner === manager) continue;
        const text = operation === "Update" ? `"${owner}" using ${apiVersion}` : `"${owner}"`;
        byOwner.set(text, [...(byOwner.get(text) ?? []), pathText(path)]);
      }
    }
    return conflictText(byOwner);
  }
}

/** Worded as in k8s.io/apimachinery pkg/util/managedfields/internal/conflict.go. */
function conflictText(byOwner: ReadonlyMap<string, readonly string[]>): string | undefined {
  const all = [...byOwner].flatMap(([owner, paths]) => paths.map((path) => ({ owner, path })));
  const [first, ...others] = all;
  if (first === undefined) return undefined;
  if (others.length === 0) return `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.path}`;
  const lines = [...byOwner]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([owner, paths]) => [`conflicts with ${owner}:`, ...paths.map((path) => `- ${path}`)]);
  return `Apply failed with ${all.length} conflicts: ${lines.join("\n")}`;
}
