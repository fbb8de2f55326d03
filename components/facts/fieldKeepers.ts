interface FieldKeeper {
  /** What keeps the object as it wants it. */
  readonly name: string;
  /** How to make it leave kube-proxy's pods alone, as a sentence without the last full stop. */
  readonly fix: string;
}

const release = "Let it leave nodeSelector and affinity of DaemonSet kube-proxy alone, then remove the mark";

/**
 * Labels and annotations by which something says that it keeps an object as it wants it, and would take what keeps its pods from nodes
 * away again. Sources, read 2026-11-20: tigera/operator pkg/controller/kubeproxy/controller.go (the first three refuse its
 * own management of kube-proxy, too); argo-cd.readthedocs.io, resource tracking; fluxcd.io, Kustomization.
 *
 * EKS's own mark, `eks.amazonaws.com/component`, is not among them: an add-on owns its fields by server-side apply, and
 * the node selector is none of them (EKS user guide, kubernetes-field-management).
 */
export const fieldKeepers = {
  labels: {
    "app.kubernetes.io/managed-by": { name: "a package manager", fix: release },
    "addonmanager.kubernetes.io/mode": { name: "the add-on manager", fix: release },
    "argocd.argoproj.io/instance": {
      name: "Argo CD",
      fix: "Add nodeSelector and affinity to the application's ignoreDifferences, then remove the label",
    },
    "kustomize.toolkit.fluxcd.io/name": { name: "Flux", fix: release },
  },
  annotations: {
    "argocd.argoproj.io/tracking-id": {
      name: "Argo CD",
      fix: "Add nodeSelector and affinity to the application's ignoreDifferences, then remove the annotation",
    },
  },
} as const satisfies Record<"annotations" | "labels", Record<string, FieldKeeper>>;
