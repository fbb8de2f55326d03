/** EKS's names for Kubernetes' taint effects. Source: EKS API reference, Taint (2026-11). */
export const taintEffects = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;
