/** How a connection that was to live through a switch did. */
export interface LongConnection {
  readonly alive: boolean;
  /** Longest time between a line and its answer. */
  readonly longestGapSeconds: number;
  /** How it ended, when it did. */
  readonly end?: string;
  readonly endedAtSeconds?: number;
}

/** What one kind of connections suffered. */
export interface Losses {
  readonly long: readonly LongConnection[];
  /** New connections that were answered. */
  readonly succeeded: number;
  /** When each new connection was begun that failed, from the start of the load. */
  readonly failedAtSeconds: readonly number[];
}

/** The same, in figures. */
export interface LossFigures {
  readonly longAlive: number;
  readonly longOf: number;
  /** Longest pause of a connection that lived. */
  readonly pauseSeconds: number;
  readonly newFailed: number;
  readonly newOf: number;
  /** From the first new connection that failed to the last. */
  readonly outageSeconds: number;
}

export function lossFigures({ long, succeeded, failedAtSeconds }: Losses): LossFigures {
  const alive = long.filter((one) => one.alive);
  const [first = 0, last = 0] = [Math.min(...failedAtSeconds), Math.max(...failedAtSeconds)];
  return {
    longAlive: alive.length,
    longOf: long.length,
    pauseSeconds: Math.max(0, ...alive.map(({ longestGapSeconds }) => longestGapSeconds)),
    newFailed: failedAtSeconds.length,
    newOf: succeeded + failedAtSeconds.length,
    outageSeconds: failedAtSeconds.length === 0 ? 0 : last - first,
  };
}
