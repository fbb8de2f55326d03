import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { nameOf } from "../../../infra/commands/shared/graph.ts";

/** One thing that the engine does to a resource. */
export interface Step {
  readonly urn: string;
  /** `aws:eks/addon:Addon` */
  readonly type: string;
  readonly name: string;
  /** The engine's word: `create`, `update`, `delete`, `replace`, … */
  readonly operation: string;
}

/** Operations that leave a resource as it is, or only read it. */
const quiet = ["same", "read", "refresh"];

/** Collects the steps of an operation of the engine, in the order in which they end. */
export function stepCollector(): { readonly steps: Step[]; readonly onEvent: (event: EngineEvent) => void } {
  const steps: Step[] = [];
  return {
    steps,
    onEvent: ({ resOutputsEvent }) => {
      if (resOutputsEvent === undefined) return;
      const { op: operation, urn, type } = resOutputsEvent.metadata;
      if (!quiet.includes(operation)) steps.push({ urn, type, name: nameOf(urn), operation });
    },
  };
}
