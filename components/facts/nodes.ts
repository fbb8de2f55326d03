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

/**
 * What a node needs: to join, to pull images, and to be reached through Session Manager. AmazonEKS_CNI_Policy is not
 * among them: it would let every host process rewire any network interface, and the VPC CNI, where there is one, has a role
 * of its pods. Source: EKS user guide, create-node-role, read 2026-11-20.
 */
export const nodePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;

/**
 * What a NodeConfig of nodeadm may have in its spec, by part. `cluster` is left out: EKS adds it. Source: awslabs/amazon-eks-ami
 * nodeadm/api/v1alpha1/nodeconfig_types.go at 81fec2e8 (2026-07-23), read 2026-11-27.
 */
export const nodeConfigFields = {
  kubelet: ["config", "flags", "maxPodsExpression"],
  containerd: ["baseRuntimeSpec", "config"],
  instance: ["environment", "localStorage", "network"],
  featureGates: ["FastImagePull", "InstanceIdNodeName"],
} as const;

/**
 * Fields and flags of the kubelet that are someone else's, with who sets them, continuing "it". The kubelet's flags have the
 * same names in another spelling. Sources: nodeadm/internal/kubelet/config.go at 81fec2e8 for what nodeadm writes;
 * KubeletConfiguration v1beta1 reference. Read 2026-11-27.
 */
export const ownedKubeletFields = {
  maxPods: "is nodePools.<name>.maxPods",
  podsPerCore: "would undercut nodePools.<name>.maxPods",
  registerWithTaints: "is nodePools.<name>.taints",
  nodeLabels: "is nodePools.<name>.labels",
  clusterDNS: "follows from cluster.serviceCidr, and CoreDNS answers there",
  clusterDomain: "is cluster.local, which CoreDNS serves",
  resolvConf: "is CoreDNS's way out, and a wrong one makes it ask itself",
  volumePluginDir: "is where Calico puts its driver",
  port: "is 10250, which the nodes' security group opens",
  address: "is every address of the node; the control plane connects to one of them",
  authentication: "is what lets the control plane in",
  authorization: "is what lets the control plane in",
  authorizationMode: "is Webhook, which lets the control plane in",
  anonymousAuth: "is false, so that no pod can command the kubelet",
  clientCAFile: "is the cluster's certificate, which lets the control plane in",
  serverTLSBootstrap: "gives the kubelet the certificate that the control plane checks",
  containerRuntimeEndpoint: "is containerd's socket",
  cgroupDriver: "is containerd's, systemd",
  providerID: "is the instance's, by which EKS finds the node",
  hostnameOverride: "is the node's name, by which EKS admits it",
  nodeIP: "is the address by which Calico and the control plane find the node",
  podCIDR: "is empty; the CNI plugin gives pods their addresses",
  cloudProvider: "is external",
  config: "is the file that nodeadm writes",
  configDir: "is the folder that nodeadm writes",
  kubeconfig: "is the file that nodeadm writes",
  bootstrapKubeconfig: "is not used: nodes join by their IAM role",
} as const satisfies Readonly<Record<string, string>>;

/** What containerd's own configuration must leave alone: where Calico installs its CNI plugin. Source: operator, core.go. */
export const ownedContainerdFields = ["bin_dir", "bin_dirs", "conf_dir", "conf_template"] as const;

/**
 * Tables under `settings` that Bottlerocket's Kubernetes variants have; a node with another one does not start. Source:
 * bottlerocket.dev settings reference, read 2026-11-27.
 */
export const bottlerocketTables = [
  "autoscaling",
  "aws",
  "boot",
  "bootstrap-commands",
  "bootstrap-containers",
  "cloudformation",
  "container-registry",
  "container-runtime",
  "container-runtime-plugins",
  "dns",
  "host-containers",
  "kernel",
  "kubelet-device-plugins",
  "kubernetes",
  "metrics",
  "motd",
  "network",
  "ntp",
  "nvidia-container-runtime",
  "oci-defaults",
  "oci-hooks",
  "pki",
  "updates",
] as const;

/** Settings of Bottlerocket that are someone else's, by path, with who sets them, continuing "it". Source as above. */
export const ownedBottlerocketSettings = {
  "kubernetes.max-pods": "is nodePools.<name>.maxPods",
  "kubernetes.node-labels": "is nodePools.<name>.labels",
  "kubernetes.node-taints": "is nodePools.<name>.taints",
  "kubernetes.cluster-name": "is set by EKS",
  "kubernetes.api-server": "is set by EKS",
  "kubernetes.cluster-certificate": "is set by EKS",
  "kubernetes.cluster-dns-ip": "follows from cluster.serviceCidr, and CoreDNS answers there",
  "kubernetes.cluster-domain": "is cluster.local, which CoreDNS serves",
  "kubernetes.authentication-mode": "is aws, by which nodes join",
  "kubernetes.bootstrap-token": "is not used: nodes join by their IAM role",
  "kubernetes.cloud-provider": "is external",
  "kubernetes.hostname-override": "is the node's name, by which EKS admits it",
  "kubernetes.hostname-override-source": "is the node's name, by which EKS admits it",
  "kubernetes.node-ip": "is the address by which Calico and the control plane find the node",
  "kubernetes.provider-id": "is the instance's, by which EKS finds the node",
  "kubernetes.server-certificate": "is what the control plane checks",
  "kubernetes.server-key": "is what the control plane checks",
  "kubernetes.server-tls-bootstrap": "gives the kubelet the certificate that the control plane checks",
  "kubernetes.standalone-mode": "would keep the node out of the cluster",
  "network.hostname": "is the node's name, by which EKS admits it",
} as const satisfies Readonly<Record<string, string>>;

/** Most bytes of user data before base64. Source: EC2 user guide, user-data, read 2026-11-27. */
export const mostUserDataBytes = 16_384;
