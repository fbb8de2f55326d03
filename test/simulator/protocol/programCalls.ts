import { setTimeout } from "node:timers/promises";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";

/**
 * A connection to one engine only. By default gRPC shares them by address: an engine that gets the port of one that was
 * killed would be taken for dead.
 */
export const ownConnection = { "grpc.use_local_subchannel_pool": 1 } as const;

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The program's calls to one engine. */
interface Run {
  underWay: number;
  isCut: boolean;
}

/** Time in which a program goes on after its last call has ended. */
const goesOnMilliseconds = 50;

/** More than a call to an engine that is gone takes to fail. */
const patienceMilliseconds = 20_000;

/** The run that goes on in this process: the Automation API lets one at a time. */
let current: Run = { underWay: 0, isCut: false };
let isWatching = false;

/** Begins a run; what is called from now on belongs to it. */
export function beginCalls(): void {
  current = { underWay: 0, isCut: false };
  if (isWatching) return;
  isWatching = true;
  // Its declaration leaves them out.
  const { grpcClientOptions } = settings as unknown as { readonly grpcClientOptions: object };
  Object.assign(grpcClientOptions, ownConnection);
  for (const { prototype } of [engineGrpc.EngineClient, resourceGrpc.ResourceMonitorClient]) watch(prototype);
}

/**
 * Lets no call of the run fail any more: its engine is being stopped, and in a separate process the program would end
 * with it. In this process it would continue, and fail where nothing can catch it, maybe in the middle of the next run.
 */
export function cutRun(): void {
  current.isCut = true;
}

/**
 * Cuts a failed run off, and waits until no call of it is under way, and none has followed. A late failure would cut off
 * the next run, whose program then registers nothing, and the engine would delete everything.
 */
export async function runEnded(): Promise<void> {
  cutRun();
  const until = performance.now() + patienceMilliseconds;
  do await setTimeout(goesOnMilliseconds);
  while (current.underWay > 0 && performance.now() < until);
}

/** Counts the calls that go through the clients of a class. */
function watch(prototype: object): void {
  for (const name of Object.keys(prototype)) {
    const method: unknown = Reflect.get(prototype, name);
    if (typeof method === "function") Reflect.set(prototype, name, counted(method as Method, name === "log"));
  }
}

/** @param isLog the SDK sends what a program says one by one, whatever the run: the next would wait for the answer */
function counted(method: Method, isLog: boolean): Method {
  return function (...args) {
    const done = args.at(-1);
    // What is answered by a stream has no callback.
    if (typeof done !== "function") return method.apply(this, args);
    const run = current;
    run.underWay += 1;
    const answer = (error: unknown, ...rest: unknown[]) => {
      run.underWay -= 1;
      if (!error || !run.isCut) return done(error, ...rest);
      return isLog ? done(null) : undefined;
    };
    return method.apply(this, [...args.slice(0, -1), answer]);
  };
}
