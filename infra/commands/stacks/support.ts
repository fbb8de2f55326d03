import { kubernetesVersions } from "../../../components/facts/kubernetesVersions.ts";
import type { Settings } from "../../../components/settings/settings.ts";
import { lookUp } from "../../../components/values/lookUp.ts";

/** When AWS upgrades a cluster whether its owner wants it or not, and when it begins to cost more. */
export interface ForcedUpgrade {
  /** Last day before it, ISO date. */
  readonly lastDay: string;
  /** Last day at the price of standard support, ISO date; undefined: that support is all there is. */
  readonly lastStandardDay: string | undefined;
}

/** The next upgrade that AWS forces; undefined: the Kubernetes version is not known here. */
export function forcedUpgrade({
  kubernetesVersion,
  support,
}: Pick<Settings["cluster"], "kubernetesVersion" | "support">): ForcedUpgrade | undefined {
  const row = lookUp(kubernetesVersions, kubernetesVersion);
  if (row === undefined) return undefined;
  return support === "STANDARD"
    ? { lastDay: row.standardUntil, lastStandardDay: undefined }
    : { lastDay: row.extendedUntil, lastStandardDay: row.standardUntil };
}

/** Days from one day to an ISO date; below zero: it is past. */
export function daysUntil(isoDay: string, today: Date): number {
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  return Math.round((Date.parse(isoDay) - midnight) / 86_400_000);
}
