import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";

/** Counts resources whose step has ended, from the engine's events. */
export function operationCounter(): (event: EngineEvent) => number {
  const done = new Set<string>();
  return ({ resOutputsEvent }) => {
    if (resOutputsEvent !== undefined) done.add(resOutputsEvent.metadata.urn);
    return done.size;
  };
}
