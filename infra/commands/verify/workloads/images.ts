/**
 * Images of the pods that are started in a cluster, each pinned. agnhost is what Kubernetes tests its own networking
 * with: a server that says what it sees, and curl, ping, nslookup and ip to ask with.
 * Source: kubernetes/kubernetes v1.35.4 test/utils/image/manifest.go and test/images/agnhost. Read 2026-11-21.
 */
export const workloadImages = {
  agnhost: { registry: "registry.k8s.io", path: "e2e-test-images/agnhost:2.59" },
} as const;

/** Where an image is pulled from: its own registry, or a mirror that keeps its path. */
export function imageAt(
  { registry, path }: { readonly registry: string; readonly path: string },
  mirror: string | undefined,
): string {
  return `${(mirror ?? registry).replace(/\/+$/, "")}/${path}`;
}
