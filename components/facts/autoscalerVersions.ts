import type { kubernetesVersions } from "./kubernetesVersions.ts";

/**
 * Release of the Cluster Autoscaler for each Kubernetes minor version: it runs the scheduler's code of that version. Source:
 * kubernetes/autoscaler releases and its README's compatibility section, read 2026-11-27.
 */
export const autoscalerVersions = {
  "1.34": "v1.34.3",
  "1.35": "v1.35.1",
  "1.36": "v1.36.1",
} as const satisfies Readonly<Record<keyof typeof kubernetesVersions, string>>;
