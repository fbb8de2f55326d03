/**
 * Namespaces whose pods the cluster itself needs, and what is in them. Read 2026-11-21: tigera/operator v1.42.4
 * pkg/common, kubernetes.io "Initial namespaces". Calico's operator keeps policies of its own for calico-system.
 */
export const systemNamespaces = {
  "kube-system": "CoreDNS, kube-proxy and EKS's own add-ons",
  "kube-node-lease": "the nodes' heartbeats and no pods",
  "kube-public": "what everybody may read and no pods",
  "calico-apiserver": "the API server of older Calico releases",
  "calico-system": "calico-node, Typha and Calico's controllers",
  "tigera-operator": "Calico's operator",
} as const satisfies Readonly<Record<string, string>>;
