/** Tells our own time from that in which a tool, the cluster or the engine is waited for. */
export class Stopwatch {
  readonly #began = performance.now();
  #others = 0;

  /** Waits for somebody else; one thing at a time, or time would count twice. */
  async waiting<T>(wait: Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await wait;
    } finally {
      this.#others += performance.now() - began;
    }
  }

  get wallSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get ownSeconds(): number {
    return Math.max(0, this.wallSeconds - this.#others / 1000);
  }
}
