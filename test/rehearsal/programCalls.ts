import { setTimeout } from "node:timers/promises";

type Method = (...args: unknown[]) => unknown;

/** Time in which a program goes on after its last call has ended. */
const goesOnMilliseconds = 50;

/** More than a call to an engine that is gone takes to fail. */
const patienceMilliseconds = 20_000;

/**
 * Knows which calls a program has under way to its engine.
 *
 * A program that runs in this process outlives an engine that fails, and its connection is shared with the next run in
 * the same process: a late failure of an old call would cut off the new run, whose program then registers nothing, and
 * the engine would delete everything.
 */
export class ProgramCalls {
  #underWay = 0;

  /** Counts what goes through a client. */
  watch(client: object): void {
    for (const name of ["registerResource", "registerResourceOutputs", "readResource", "invoke", "call"]) {
      const method = Reflect.get(client, name) as Method;
      const counted: Method = (...args) => {
        const done = args.at(-1) as Method;
        this.#underWay += 1;
        return method.call(client, ...args.slice(0, -1), (...answer: unknown[]) => {
          this.#underWay -= 1;
          return done(...answer);
        });
      };
      Reflect.set(client, name, counted);
    }
  }

  /** Waits until no call is under way, and none has followed. */
  async ended(): Promise<void> {
    const until = performance.now() + patienceMilliseconds;
    do await setTimeout(goesOnMilliseconds);
    while (this.#underWay > 0 && performance.now() < until);
  }
}
