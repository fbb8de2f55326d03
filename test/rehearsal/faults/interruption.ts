import { setTimeout } from "node:timers/promises";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { EngineError } from "../engine.ts";
import type { Life } from "./life.ts";

export const signals = ["SIGINT", "SIGKILL"] as const;
export type Signal = (typeof signals)[number];

/** When to interrupt an `up`. */
export interface Interruption {
  /** After so many events of the engine. */
  readonly afterEvents: number;
  /** SIGINT is Ctrl-C; SIGKILL is a machine that loses its power. */
  readonly signal: Signal;
}

/** What came of an interrupted operation. */
export interface Interrupted {
  /** Whether the signal reached the engine: it may have been done before. */
  readonly hit: boolean;
  /** Whether the operation ended well all the same. */
  readonly succeeded: boolean;
  /** Number of events that the engine told. */
  readonly events: number;
}

/** Runs `up`, interrupts it, and waits until the cloud has finished what was in flight, as AWS would. */
export async function interruptedUp(
  { engine, cli, flights }: Life,
  { afterEvents, signal }: Interruption,
): Promise<Interrupted> {
  let events = 0;
  let hit = false;
  const onEvent = (_event: EngineEvent) => {
    events += 1;
    if (events === afterEvents) hit = cli.signal(signal);
  };
  const succeeded = await sparingCutCalls(async () => {
    const ended = await engine.up(onEvent).then(
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
  const listeners = process.listeners("unhandledRejection");
  const spare = (reason: unknown, promise: Promise<unknown>) => {
    if (cutCall.test(String(reason))) return;
    if (listeners.length === 0) throw reason;
    for (const listener of listeners) listener(reason, promise);
  };
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", spare);
  try {
    return await run();
  } finally {
    process.off("unhandledRejection", spare);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}
