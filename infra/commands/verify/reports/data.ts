import type { Check, Outcome } from "../check.ts";

/** What `--json` writes. */
export interface VerifyData {
  /** `stack dev`, or the kubeconfig's file. */
  readonly cluster: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why there was no full look; undefined: there was one. */
  readonly problem?: string;
  readonly passed: boolean;
  /** Requests to the API server and to EC2. */
  readonly requests: number;
  readonly checks: readonly (Outcome & Pick<Check, "cure" | "meaning" | "source">)[];
}

/** Gathers the outcome for machines. */
export function verifyData(
  checks: readonly Check[],
  {
    outcomes,
    ...rest
  }: Omit<VerifyData, "at" | "checks"> & { readonly outcomes: readonly Outcome[]; readonly now: Date },
): VerifyData {
  const { now, ...given } = rest;
  return {
    ...given,
    at: now.toISOString(),
    checks: outcomes.flatMap((outcome) =>
      checks
        .filter(({ name }) => name === outcome.name)
        .map(({ cure, meaning, source }) => ({ ...outcome, cure, meaning, source })),
    ),
  };
}
