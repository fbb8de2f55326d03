/**
 * Most characters of a label's or taint's key in the EKS API, prefix and slash included, and of its value; Kubernetes counts
 * the prefix apart. Source: boto/botocore 1.43.11 EKS 2017-11-01 model, labelKey, labelValue, taintKey, taintValue.
 * Read 2026-11-27.
 */
export const mostKeyCharacters = 63;

/**
 * Domains, with their subdomains, that EKS reserves in the keys of taints, and that the kubelet refuses in labels except
 * the ones below. EKS once refused the labels itself; today the node group is accepted, the kubelet does not start, and the
 * group fails after 15 minutes. Sources, read 2026-11-27: eksctl-io/eksctl#4007 ("Label cannot contain reserved prefixes"),
 * aws/containers-roadmap#1451 (the same for taints), alphagov/govuk-infrastructure#1264 (taints, 2024),
 * terraform-aws-modules/terraform-aws-eks#3346 and aws/containers-roadmap#2465 (labels, 2024 and 2025).
 */
export const reservedDomains = ["kubernetes.io", "k8s.io", "eks.amazonaws.com"] as const;

/**
 * Labels of the reserved domains that a kubelet may give its node: everything in two domains and their subdomains, and single
 * ones. Source: kubernetes.io, kubelet, --node-labels, read 2026-11-27.
 */
export const kubeletLabels = {
  domains: ["kubelet.kubernetes.io", "node.kubernetes.io"],
  keys: [
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "beta.kubernetes.io/os",
    "failure-domain.beta.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone",
    "kubernetes.io/arch",
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
  ],
} as const;

/** EKS's names for Kubernetes' taint effects. Source: EKS API reference, Taint (2026-11). */
export const taintEffects = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;

/**
 * Taint keys that CoreDNS and calico-kube-controllers tolerate: a pool with only these taints still runs them.
 * Sources: kubernetes/kubernetes cluster/addons/dns/coredns/coredns.yaml.base, which the EKS add-on follows;
 * tigera/operator pkg/render/common/meta/meta.go TolerateCriticalAddonsAndControlPlane. Read 2026-11-20.
 */
export const coreDnsTolerations = ["CriticalAddonsOnly"] as const;

/**
 * Labels of nodes that a NodePool does not take: a single one, and everything in two domains and their subdomains. Sources: kubernetes-sigs/karpenter v1.14.1
 * pkg/apis/v1/labels.go and pkg/apis/crds/karpenter.sh_nodepools.yaml, aws/karpenter-provider-aws v1.14.1
 * pkg/apis/v1/labels.go. Read 2026-11-28.
 */
export const karpenterLabels = {
  keys: ["kubernetes.io/hostname"],
  domains: ["karpenter.sh", "karpenter.k8s.aws"],
} as const;

/** Tags that an EC2NodeClass does not take. Source: aws/karpenter-provider-aws v1.14.1, its CRD. Read 2026-11-28. */
export const karpenterTags = {
  keys: [
    "eks:eks-cluster-name",
    "karpenter.k8s.aws/ec2nodeclass",
    "karpenter.sh/nodeclaim",
    "karpenter.sh/nodepool",
  ],
  prefixes: ["kubernetes.io/cluster"],
} as const;
