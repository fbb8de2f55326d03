import { Refusal } from "../protocol/provider.ts";
import type { Call, Interference } from "./interference.ts";
import { byChance, throttled } from "./throttling.ts";
import { connectionRefused } from "./words.ts";

/** Troubles of whole services, which hit whoever calls. */
export interface Weather {
  /** Share of all attempts that AWS throttles, 0 to 1. */
  readonly throttledShare?: number;
  /** Decides which. Default "". */
  readonly seed?: string;
  /** The API server goes away for so many seconds when a resource's call of an operation comes for the first time. */
  readonly apiServerAwaySeconds?: number;
  /** Told of each call that was in for trouble. */
  readonly onTrouble?: (call: Call) => void;
}

/**
 * Lets the troubles come about. While the API server is away its calls fail at once: the real provider tries again
 * when a kind or a namespace is not found, and for nothing else (pulumi/pulumi-kubernetes provider/pkg/await/await.go).
 */
export function weather(of: Weather): Interference {
  const { throttledShare = 0, seed = "", apiServerAwaySeconds, onTrouble = () => {} } = of;
  const refused = new Set<string>();
  let away = false;
  return async (call, activity, work) => {
    const key = `${call.operation} ${call.subject.urn}`;
    if (call.provider === "aws") {
      const isThrottled = (attempt: number) => byChance(seed, throttledShare, call, attempt);
      if (isThrottled(1)) onTrouble(call);
      await throttled(call, activity, isThrottled);
    }
    if (call.provider === "kubernetes" && apiServerAwaySeconds !== undefined) {
      if (!away && !refused.has(key)) {
        away = true;
        activity.after(apiServerAwaySeconds, () => {
          away = false;
        });
      }
      if (away) {
        refused.add(key);
        onTrouble(call);
        throw new Refusal(connectionRefused(call));
      }
    }
    return work();
  };
}
