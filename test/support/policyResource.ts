import type { PolicyResource } from "../../infra/policies/policy.ts";

/** A resource with these inputs, named `one`. */
export function resource(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
  changes: Partial<PolicyResource> = {},
): PolicyResource {
  const name = changes.name ?? "one";
  return { urn: `urn:${type}::${name}`, type, name, inputs, parent: "", deletedWith: "", ...changes };
}
