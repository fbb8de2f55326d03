import { lookUp } from "../../values/lookUp.ts";
import type { Found, Problem } from "../../values/problem.ts";
import type { ClusterSnapshot, FoundKubeProxy, ParkingField } from "./snapshot.ts";

interface FieldKeeper {
  /** What manages the object. */
  readonly name: string;
  /** How to make it leave kube-proxy's pods alone, without a full stop. */
  readonly fix: string;
}

const release = "Let it leave nodeSelector and affinity of DaemonSet kube-proxy alone, then remove the mark";

/**
 * Labels and annotations of something that manages an object, and would remove what keeps its pods from nodes.
 * Sources, read 2026-11-20: tigera/operator pkg/controller/kubeproxy/controller.go (the first three refuse its
 * own management of kube-proxy, too); argo-cd.readthedocs.io, resource tracking; fluxcd.io, Kustomization.
 *
 * EKS's own mark, `eks.amazonaws.com/component`, is not among them: an add-on owns its fields by server-side apply, and
 * the node selector is not one of them (EKS user guide, kubernetes-field-management).
 */
const fieldKeepers = {
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

/** Label that no node has; the one that Calico's own guide uses. */
const nowhere = { key: "non-calico", value: "true" } as const;

/**
 * Which field keeps kube-proxy from every node: the guide's node selector where there is none. kubeadm sets one, and
 * adding to it would mean owning and finally removing all of it; the affinity has the same effect next to it.
 */
export function parkingField({ parking }: FoundKubeProxy): ParkingField | undefined {
  if (parking.nodeSelector !== "taken") return "nodeSelector";
  return parking.nodeAffinity === "taken" ? undefined : "nodeAffinity";
}

/** The field, for the spec of kube-proxy's pods. */
export function parkedPod(field: ParkingField) {
  if (field === "nodeSelector") return { nodeSelector: { [nowhere.key]: nowhere.value } };
  const matchExpressions = [{ key: nowhere.key, operator: "In", values: [nowhere.value] }];
  const required = { nodeSelectorTerms: [{ matchExpressions }] };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

const object = "DaemonSet kube-proxy";

/** kube-proxy must exist: it serves services before the switch and after switching back. */
export function kubeProxyMissing({ kubeProxy }: ClusterSnapshot): Problem[] {
  if (kubeProxy !== undefined) return [];
  return [
    {
      path: object,
      found: "it does not exist in kube-system",
      needs: "it serves services until eBPF does, and again after switching back",
      fix: "Install it, or choose a cluster with kube-proxy",
    },
  ];
}

/** Rules on a kube-proxy that is to be kept from every node. */
export function parkingProblems(kubeProxy: FoundKubeProxy | undefined): Problem[] {
  if (kubeProxy === undefined) return [];
  const found = [keeperProblems(kubeProxy), parkedBefore(kubeProxy)].flat();
  if (parkingField(kubeProxy) !== undefined) return found;
  return [
    ...found,
    {
      path: object,
      found: "its pods have both a node selector and a required node affinity",
      needs: "one of the two must be unset, so that this program can set it and a destroy can remove it",
      fix: "Express both in one of them, or set kubeProxy: Running",
    },
  ];
}

/** IPVS keeps its own addresses on every node, which only a restart of the node removes. */
export function modeProblems(kubeProxy: FoundKubeProxy | undefined): Found {
  if (kubeProxy?.mode !== "ipvs") return [];
  return {
    path: `${object}, mode`,
    found: "ipvs",
    needs: "its rules would stay active next to eBPF's",
    fix: "Set mode: iptables in its configuration, and restart the nodes",
  };
}

function keeperProblems({ labels, annotations }: FoundKubeProxy): Problem[] {
  const marks = [
    ...Object.keys(labels).map((key) => ({ key, keeper: lookUp(fieldKeepers.labels, key) })),
    ...Object.keys(annotations).map((key) => ({ key, keeper: lookUp(fieldKeepers.annotations, key) })),
  ];
  return marks.flatMap(({ key, keeper }) => {
    if (keeper === undefined) return [];
    const needs = "what manages it would bring its pods back";
    return { path: object, found: `${key} shows that ${keeper.name} manages it`, needs, fix: keeper.fix };
  });
}

/** Set manually, as in the guide. */
function parkedBefore({ nodeSelector, parking }: FoundKubeProxy): Found {
  if (parking.nodeSelector !== "taken" || !(nowhere.key in nodeSelector)) return [];
  return {
    path: `${object}, nodeSelector`,
    found: `${nowhere.key} is set, but not by this program`,
    needs: "it would stay after a destroy, and leave the cluster without services",
    fix: "Remove it; this program sets it once eBPF is on",
  };
}
