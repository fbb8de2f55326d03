import type { Difference } from "../timeline/lowerBound.ts";

/** A sentence on why a step makes a critical path longer than its lower bound, or shorter. */
export function whyDifferent({ kind, waitsForIt }: Difference, label: (id: string) => string): string {
  if (kind === "only in the bound") return "forced, and not on the critical path";
  const last = "nothing waits for it: the run ends with it";
  const then = waitsForIt === undefined ? last : `${label(waitsForIt)} waits for it`;
  return kind === "beside the chain"
    ? `forced, but could run beside the chain; ${then}`
    : `neither AWS nor Calico asks for it here; ${then}`;
}
