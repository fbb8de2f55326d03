import type { Values } from "../../simulator/protocol/provider.ts";

/** A resource in the engine's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  /** False for a component. */
  readonly custom: boolean;
  /** Id at the provider; "" for a component. */
  readonly id: string;
  readonly inputs: Values;
}

/** An operation that was pending when the engine was killed. */
export interface Pending {
  readonly urn: string;
  /** `creating`, `updating`, `deleting`. */
  readonly type: string;
  /** False for a component. */
  readonly custom: boolean;
  /** Its inputs; empty for a component. */
  readonly inputs: Values;
}

interface PendingResource {
  readonly urn: string;
  readonly custom?: boolean;
  readonly inputs?: Values;
}

interface Deployment {
  readonly resources?: readonly (Pick<StateResource, "urn" | "type"> & Partial<StateResource>)[];
  readonly pending_operations?: readonly { readonly resource: PendingResource; readonly type: string }[];
}

/** The resources of an exported deployment. */
export function stateOf(deployment: unknown): StateResource[] {
  const { resources = [] } = (deployment ?? {}) as Deployment;
  return resources.map(({ urn, type, custom = false, id = "", inputs = {} }) => ({
    urn,
    type,
    custom,
    id,
    inputs,
  }));
}

/** The operations that the state records as begun but not ended. */
export function pendingOf(deployment: unknown): Pending[] {
  const { pending_operations: all = [] } = (deployment ?? {}) as Deployment;
  return all.map(({ resource: { urn, custom = false, inputs = {} }, type }) => ({
    urn,
    type,
    custom,
    inputs,
  }));
}

/**
 * The deployment with interrupted creations as if they had ended.
 * @param ids the created objects, by URN
 */
export function adopted(deployment: unknown, ids: ReadonlyMap<string, string>): unknown {
  const { resources = [], pending_operations: pending = [], ...rest } = (deployment ?? {}) as Deployment;
  const made = pending.flatMap(({ resource, type }) => {
    const id = ids.get(resource.urn);
    // The refresh that follows reads the outputs; without any it would take the resource for an import.
    return type === "creating" && id !== undefined ? [{ ...resource, id, outputs: resource.inputs }] : [];
  });
  // What the replacement follows still exists, and must be deleted.
  const olds = resources.map((one) =>
    made.some(({ urn }) => urn === one.urn) ? { ...one, delete: true } : one,
  );
  return { ...rest, resources: [...olds, ...made] };
}

/** Type of the resource that a URN names. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
