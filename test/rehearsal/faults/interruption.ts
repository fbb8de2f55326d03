import { setTimeout } from "node:timers/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { EngineError } from "../engine.ts";
import type { Interruption } from "./fault.ts";
import type { Life } from "./life.ts";
import { failedNodeGroups } from "./recovery.ts";

/** What came of an interrupted operation. */
export interface Interrupted {
  /** Whether the signal reached the engine: it may have been done before. */
  readonly hit: boolean;
  /** Whether the operation ended well all the same. */
  readonly succeeded: boolean;
  /** Number of events that the engine told. */
  readonly events: number;
}

/**
 * Runs `up`, interrupts it, and waits until the cloud has finished what was in flight, as AWS would. A node group that
 * failed before, because its `up` ended before there was an operator, is replaced.
 */
export async function interruptedUp(
  { engine, world, cli, flights }: Life,
  { afterEvents, signal }: Interruption,
): Promise<Interrupted> {
  let events = 0;
  let hit = false;
  const onEvent = (_event: EngineEvent) => {
    events += 1;
    if (events === afterEvents) hit = cli.signal(signal);
  };
  const succeeded = await sparingCutCalls(async () => {
    const ended = await engine.up(onEvent, failedNodeGroups(world)).then(
      () => true,
      (error: unknown) => {
        if (error instanceof EngineError) return false;
        throw error;
      },
    );
    await flights.landed();
    await setTimeout(settlingMilliseconds);
    return ended;
  });
  return { hit, succeeded, events };
}

/** Time in which the program's last calls to the engine fail. */
const settlingMilliseconds = 50;

/** What a call to an engine fails with that is ending or gone. */
const cutCall = /monitor is terminating|UNAVAILABLE|CANCELLED|ECONNREFUSED|ECONNRESET|Connection dropped/;

/**
 * The program runs in this process, and what it was just registering when its engine went is rejected where nobody can
 * catch it. In a process of its own it would end with the engine.
 */
async function sparingCutCalls<Result>(run: () => Promise<Result>): Promise<Result> {
  const rejected = process.listeners("unhandledRejection");
  const uncaught = process.listeners("uncaughtException");
  const spare = (reason: unknown, promise: Promise<unknown>) => {
    if (cutCall.test(String(reason))) return;
    if (rejected.length === 0) throw reason;
    for (const listener of rejected) listener(reason, promise);
  };
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", spare);
  try {
    return await run();
  } finally {
    // The Automation API leaves its own behind when its engine is cut off.
    process.removeAllListeners("unhandledRejection");
    process.removeAllListeners("uncaughtException");
    for (const listener of rejected) process.on("unhandledRejection", listener);
    for (const listener of uncaught) process.on("uncaughtException", listener);
  }
}
