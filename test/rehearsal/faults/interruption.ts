import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Signal } from "../../simulator/world/fault.ts";
import { EngineError } from "../engine.ts";
import type { Life } from "./life.ts";
import { failedNodeGroups } from "./recovery.ts";

/** Result of an interrupted operation. */
export interface Interrupted {
  /** Whether the signal reached the engine: it may have finished before. */
  readonly hit: boolean;
  /** What the operation failed with; undefined: it succeeded nevertheless. */
  readonly failure: EngineError | undefined;
  /** Number of events that the engine emitted. */
  readonly events: number;
  /** URNs of what AWS and Kubernetes still worked on when the engine was gone. */
  readonly underWay: readonly string[];
}

/** Decides for each event, in order, whether to interrupt after it. The first yes counts. */
export type IsDue = (event: EngineEvent) => boolean;

/** After this number of events. */
export function afterEvents(number: number): IsDue {
  let events = 0;
  return () => {
    events += 1;
    return events === number;
  };
}

/**
 * Runs `up`, interrupts it, and waits until the cloud has finished what was in flight, as AWS would. A node group that
 * failed before, because its `up` ended before there was an operator, is replaced.
 */
export async function interruptedUp(
  { engine, world, flights }: Life,
  signal: Signal,
  isDue: IsDue,
): Promise<Interrupted> {
  let events = 0;
  let wasDue = false;
  let hit = false;
  const onEvent = (event: EngineEvent) => {
    events += 1;
    if (!isDue(event) || wasDue) return;
    wasDue = true;
    hit = engine.signal(signal);
  };
  const failure = await engine.up(onEvent, failedNodeGroups(world)).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof EngineError) return error;
      throw error;
    },
  );
  const { underWay } = flights;
  await flights.landed();
  return { hit, failure, events, underWay };
}
