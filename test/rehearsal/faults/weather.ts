import { Refusal } from "../protocol/provider.ts";
import type { Interference } from "./interference.ts";
import { byChance, throttled } from "./throttling.ts";
import { connectionRefused } from "./words.ts";

/** Troubles of whole services, which hit whoever calls. */
export interface Weather {
  /** Share of all attempts that AWS throttles, 0 to 1. */
  readonly throttledShare?: number;
  /** Decides which. Default "". */
  readonly seed?: string;
  /** The API server goes away for some seconds whenever it gets its n-th call. */
  readonly apiServerAway?: { readonly atCalls: readonly number[]; readonly seconds: number };
}

/**
 * Lets the troubles come about. While the API server is away its calls fail at once: the real provider tries again
 * when a kind or a namespace is not found, and for nothing else (pulumi/pulumi-kubernetes provider/pkg/await/await.go).
 */
export function weather({ throttledShare = 0, seed = "", apiServerAway }: Weather): Interference {
  let calls = 0;
  let away = false;
  return async (call, activity, work) => {
    if (call.provider === "aws") {
      await throttled(call, activity, (attempt) => byChance(seed, throttledShare, call, attempt));
    }
    if (call.provider === "kubernetes" && apiServerAway !== undefined) {
      calls += 1;
      if (apiServerAway.atCalls.includes(calls)) {
        away = true;
        activity.after(apiServerAway.seconds, () => {
          away = false;
        });
      }
      if (away) throw new Refusal(connectionRefused(call));
    }
    return work();
  };
}
