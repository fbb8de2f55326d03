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
  hostnameOverride: "is the node's name, by which EKS lets it in",
  nodeIP: "is the address by which Calico and the control plane find the node",
  podCIDR: "is empty; Calico gives pods their addresses",
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
  "kubernetes.hostname-override": "is the node's name, by which EKS lets it in",
  "kubernetes.hostname-override-source": "is the node's name, by which EKS lets it in",
  "kubernetes.node-ip": "is the address by which Calico and the control plane find the node",
  "kubernetes.provider-id": "is the instance's, by which EKS finds the node",
  "kubernetes.server-certificate": "is what the control plane checks",
  "kubernetes.server-key": "is what the control plane checks",
  "kubernetes.server-tls-bootstrap": "gives the kubelet the certificate that the control plane checks",
  "kubernetes.standalone-mode": "would keep the node out of the cluster",
  "network.hostname": "is the node's name, by which EKS lets it in",
} as const satisfies Readonly<Record<string, string>>;

/** Most bytes of user data before base64. Source: EC2 user guide, user-data, read 2026-11-27. */
export const mostUserDataBytes = 16_384;
