import type { Interference } from "./interference.ts";

/** Knows which calls are under way, so that one can wait until the cloud has finished what it was doing. */
export class Flights {
  #underWay = 0;
  #waiting: (() => void)[] = [];

  readonly interfere: Interference = async (_call, _activity, work) => {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#release();
    }
  };

  /** Waits until no call is under way. */
  async landed(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((done) => this.#waiting.push(done));
  }

  #release(): void {
    for (const done of this.#waiting) done();
    this.#waiting = [];
  }
}

/** Each of the interferences around those that follow it. */
export function composed(...all: readonly Interference[]): Interference {
  const [first, ...rest] = all;
  if (first === undefined) return (_call, _activity, work) => work();
  const inner = composed(...rest);
  return (call, activity, work) => first(call, activity, () => inner(call, activity, work));
}
