/**
 * Taint keys that CoreDNS and calico-kube-controllers tolerate: a pool tainted with no others still runs them.
 * Sources: kubernetes/kubernetes cluster/addons/dns/coredns/coredns.yaml.base, which the EKS add-on follows;
 * tigera/operator pkg/render/common/meta/meta.go TolerateCriticalAddonsAndControlPlane. Read 2026-11-20.
 */
export const coreDnsTolerations = ["CriticalAddonsOnly"] as const;
