import { createHash } from "node:crypto";
import { Refusal } from "../protocol/provider.ts";
import type { Activity } from "../world/activity.ts";
import type { Call } from "./interference.ts";
import { rateExceeded } from "./words.ts";

/** How often the AWS provider tries a call (https://registry.terraform.io/providers/hashicorp/aws/latest/docs#max_retries). */
const maxAttempts = 25;

/** Longest pause between two attempts, in seconds: the default of the SDK's backoff (aws-sdk-go-v2, aws/retry). */
const maxPauseSeconds = 20;

/**
 * Makes a call as the AWS provider does while AWS may answer that there are too many: again, with pauses that double.
 * @param isThrottled whether AWS answers the n-th attempt that way
 * @throws Refusal after the last attempt
 */
export async function throttled(
  call: Call,
  activity: Activity,
  isThrottled: (attempt: number) => boolean,
): Promise<void> {
  for (let attempt = 1; isThrottled(attempt); attempt += 1) {
    if (attempt === maxAttempts) throw new Refusal(rateExceeded(call, maxAttempts));
    await activity.work(Math.min(2 ** (attempt - 1), maxPauseSeconds));
  }
}

/**
 * Whether AWS throttles an attempt, when it throttles a share of all: by chance, but the same for the same seed
 * whatever the order of the calls.
 */
export function byChance(seed: string, share: number, call: Call, attempt: number): boolean {
  const { operation, subject } = call;
  const text = JSON.stringify([seed, operation, subject.urn, attempt]);
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32 < share;
}
