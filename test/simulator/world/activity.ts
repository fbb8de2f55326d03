/** What one operation is waiting for; kept so that a deadlock can be named. */
export interface Wait {
  /** URN of the resource whose operation waits. */
  readonly urn: string;
  /** What it waits for, for people: "a node on which the operator's pod can run". */
  readonly what: string;
  /** Pulumi types whose resources could make it true. */
  readonly providedBy: readonly string[];
  /** Seconds after which the real service gives up. */
  readonly timeoutSeconds: number;
}

/** A wait that nothing which was still running could end. */
export class TimedOut extends Error {
  readonly wait: Wait;

  constructor(wait: Wait) {
    super(`timed out after ${wait.timeoutSeconds} s waiting for ${wait.what}`);
    this.wait = wait;
  }
}

interface Waiter {
  readonly wait: Wait;
  readonly test: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface ActivityOptions {
  /** Real milliseconds that one simulated second takes. Default 1. */
  readonly millisecondsPerSecond?: number;
  /**
   * Real milliseconds without any call or running work after which the simulation counts as stalled. A wait
   * fails only then, so that a slow machine never makes one fail that would have ended. Default 2000.
   */
  readonly stallMilliseconds?: number;
}

/**
 * Time and waiting in the simulation. Work takes its real duration, scaled down. A wait has no clock: it
 * ends when its test holds, and times out when nothing that still runs could make it hold.
 */
export class Activity {
  /** Waits that timed out, in order. */
  readonly timedOut: Wait[] = [];

  /** As in the options; may change between two operations. */
  stallMilliseconds: number;

  readonly #millisecondsPerSecond: number;
  readonly #waiters = new Set<Waiter>();
  readonly #listeners: (() => void)[] = [];
  #working = 0;
  #stopped = false;
  #stall: NodeJS.Timeout | undefined;

  constructor({ millisecondsPerSecond = 1, stallMilliseconds = 2000 }: ActivityOptions = {}) {
    this.#millisecondsPerSecond = millisecondsPerSecond;
    this.stallMilliseconds = stallMilliseconds;
  }

  /** Calls back on every change, before waits are looked at. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** What operations wait for at this moment. */
  get waiting(): readonly Wait[] {
    return [...this.#waiters].map(({ wait }) => wait);
  }

  /** Works for a number of simulated seconds. */
  async work(seconds: number): Promise<void> {
    await new Promise<void>((done) => this.after(seconds, done));
  }

  /** Does something after a number of simulated seconds of work, without a caller that waits. */
  after(seconds: number, act: () => void): void {
    this.#working += 1;
    setTimeout(() => {
      this.#working -= 1;
      if (this.#stopped) return;
      act();
      this.changed();
    }, seconds * this.#millisecondsPerSecond);
  }

  /** Waits until the test holds; throws TimedOut when nothing that still runs could make it hold. */
  async until(wait: Wait, test: () => boolean): Promise<void> {
    if (test()) return;
    await new Promise<void>((resolve, reject) => {
      this.#waiters.add({ wait, test, resolve, reject });
      this.#restartStall();
    });
  }

  /** Tells that something happened: a call arrived or ended, or the world changed. Looks at every wait again. */
  changed(): void {
    if (this.#stopped) return;
    for (const listener of this.#listeners) listener();
    for (const waiter of this.#waiters) {
      if (!waiter.test()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
    this.#restartStall();
  }

  /** Forgets every wait and all work; nothing calls back any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#stall);
    this.#waiters.clear();
  }

  #restartStall(): void {
    clearTimeout(this.#stall);
    if (this.#stopped || this.#waiters.size === 0) return;
    this.#stall = setTimeout(() => this.#onStall(), this.stallMilliseconds);
  }

  #onStall(): void {
    const [next] = [...this.#waiters].toSorted((a, b) => a.wait.timeoutSeconds - b.wait.timeoutSeconds);
    if (next === undefined) return;
    if (this.#working > 0) {
      this.#restartStall();
      return;
    }
    this.#waiters.delete(next);
    this.timedOut.push(next.wait);
    next.reject(new TimedOut(next.wait));
    this.#restartStall();
  }
}
