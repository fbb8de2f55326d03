import { setTimeout as sleep } from "node:timers/promises";

/** Times that something is asked in all. */
const attempts = 6;

/** A server that asks for a longer pause is as good as down. */
const longestPauseMilliseconds = 15_000;

/** Why an attempt failed, and whether another may succeed. */
export interface Failure {
  readonly error: Error;
  readonly isPassing: boolean;
  /** Pause that the server asks for. */
  readonly retryAfterSeconds?: number;
  /** No attempt begins after this time, as `performance.now()` counts. */
  readonly lastMilliseconds?: number;
}

/** How long to go on. */
export interface Patience {
  readonly signal: AbortSignal;
  readonly firstPauseMilliseconds: number;
}

/**
 * Tries again, with growing pauses, what fails for a passing reason.
 * @throws the last error, or the signal's reason
 */
export async function tryAgain<T>(
  attempt: () => Promise<T>,
  failureOf: (error: unknown) => Failure,
  { signal, firstPauseMilliseconds }: Patience,
): Promise<T> {
  for (let count = 1; ; count++) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (thrown) {
      const { error, isPassing, retryAfterSeconds, lastMilliseconds = Infinity } = failureOf(thrown);
      if (!isPassing || count === attempts) throw error;
      // A thousand requests that were refused together should not come back together.
      const spread = 0.5 + Math.random() / 2;
      const asked = (retryAfterSeconds ?? 0) * 1000;
      const grown = Math.max(asked, firstPauseMilliseconds * 2 ** (count - 1) * spread);
      const pause = Math.min(grown, longestPauseMilliseconds);
      if (performance.now() + pause > lastMilliseconds) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
}
