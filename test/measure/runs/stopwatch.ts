/** Tells our own time from that of the tools, of the cluster and of the engine. */
export class Stopwatch {
  readonly #began = performance.now();
  #others = 0;

  /** Counts time that somebody else needed: seconds that are known beforehand. */
  count(seconds: number): void {
    this.#others += seconds * 1000;
  }

  /** Counts the time of something that is waited for as somebody else's. */
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
