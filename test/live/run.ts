import type { Target } from "./target.ts";

/** What one run of the suite is to do; plain values, handed to its thread. */
export interface Run {
  readonly target: Target;
  /** Names of the checks to run. */
  readonly only: readonly string[];
  /** Requests under way at one time. */
  readonly concurrency: number;
  /** Mirror of the images of what the checks start; undefined: their own registries. */
  readonly imageRegistry: string | undefined;
}
