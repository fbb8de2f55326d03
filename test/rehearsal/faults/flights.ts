import type { Interference } from "../../simulator/world/interference.ts";

/** Tracks pending calls, to wait until the cloud has finished. */
export class Flights {
  readonly #underWay: string[] = [];
  #waiting: (() => void)[] = [];

  readonly interfere: Interference = async ({ subject: { urn } }, _activity, work) => {
    this.#underWay.push(urn);
    try {
      return await work();
    } finally {
      this.#underWay.splice(this.#underWay.indexOf(urn), 1);
      if (this.#underWay.length === 0) this.#release();
    }
  };

  /** URNs of the resources of the pending calls. */
  get underWay(): readonly string[] {
    return [...this.#underWay];
  }

  /** Waits until no call is pending. */
  async landed(): Promise<void> {
    if (this.#underWay.length > 0) await new Promise<void>((done) => this.#waiting.push(done));
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
