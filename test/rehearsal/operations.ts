import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/**
 * Counts, from the engine's events, those of the given resources whose step has ended. Others, such as the children of a
 * remote component, are left out, so that the count never passes the number given.
 */
export function operationCounter(
  resources: readonly { readonly urn: string }[],
): (event: EngineEvent) => number {
  const done = new Set<string>();
  return ({ resOutputsEvent }) => {
    const urn = resOutputsEvent?.metadata.urn;
    if (urn !== undefined && resources.some((one) => one.urn === urn)) done.add(urn);
    return done.size;
  };
}
