import type { KubernetesObject } from "../kubernetes/object.ts";
import { workload } from "../realKubernetes/workloads.ts";

/** Where the API server is for the nodes, as the stack file says it. */
export const apiServerAddress = { host: "api.internal.example.com", port: 6443 } as const;

const system = "kube-system";

const everywhere = { hostNetwork: true, tolerations: [{ operator: "Exists" }] } as const;

/** What is in a cluster whatever its network: kube-proxy as kubeadm installs it, and DNS. */
export const commonSeeds: readonly KubernetesObject[] = [
  workload({
    kind: "DaemonSet",
    namespace: system,
    name: "kube-proxy",
    image: "registry.k8s.io/kube-proxy:v1.35.4",
    pod: { ...everywhere, nodeSelector: { "kubernetes.io/os": "linux" } },
  }),
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "kube-proxy", namespace: system },
    data: {
      "config.conf": "kind: KubeProxyConfiguration\nmode: iptables\n",
      "kubeconfig.conf": `kind: Config\nclusters:\n- cluster:\n    server: https://${apiServerAddress.host}:${apiServerAddress.port}\n  name: default\n`,
    },
  },
  dns(),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: system },
    spec: {
      clusterIP: "172.20.0.10",
      selector: { "k8s-app": "kube-dns" },
      ports: [{ name: "dns", port: 53, protocol: "UDP" }],
    },
  },
];

/** Calico as its operator installed it: what kubectl applied. The rest comes from the operator. */
export const operatorSeeds: readonly KubernetesObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "tigera-operator" } },
  workload({
    kind: "Deployment",
    namespace: "tigera-operator",
    name: "tigera-operator",
    image: "quay.io/tigera/operator:v1.42.8",
    replicas: 1,
    env: [{ name: "OPERATOR_NAME", value: "tigera-operator" }],
    container: {
      command: ["operator"],
      args: ["-manage-crds=true"],
      envFrom: [{ configMapRef: { name: "kubernetes-services-endpoint", optional: true } }],
    },
    pod: { ...everywhere, dnsPolicy: "Default" },
  }),
  {
    apiVersion: "operator.tigera.io/v1",
    kind: "Installation",
    metadata: { name: "default" },
    spec: {
      cni: { type: "Calico" },
      calicoNetwork: {
        bgp: "Disabled",
        linuxDataplane: "Iptables",
        ipPools: [{ name: "default-ipv4-ippool", cidr: "192.168.0.0/16", encapsulation: "VXLAN" }],
      },
    },
  },
];

/** The AWS VPC CNI as its add-on installs it, and an Installation that leaves pods to it; in addition to the operator's. */
export function vpcCniSeeds(release: string): readonly KubernetesObject[] {
  return [
    workload({
      kind: "DaemonSet",
      namespace: system,
      name: "aws-node",
      image: `602401143452.dkr.ecr.eu-west-1.amazonaws.com/amazon-k8s-cni:v${release}-eksbuild.1`,
      env: [
        { name: "AWS_VPC_K8S_CNI_VETHPREFIX", value: "eni" },
        { name: "CLUSTER_ENDPOINT", value: `https://${apiServerAddress.host}:${apiServerAddress.port}` },
      ],
      pod: everywhere,
    }),
    {
      apiVersion: "operator.tigera.io/v1",
      kind: "Installation",
      metadata: { name: "default" },
      spec: {
        kubernetesProvider: "EKS",
        cni: { type: "AmazonVPC", ipam: { type: "AmazonVPC" } },
        calicoNetwork: { bgp: "Disabled", linuxDataplane: "Iptables" },
      },
    },
  ];
}

/** Calico as its manifest installed it, with what calico-node made when it first started. */
export const manifestSeeds: readonly KubernetesObject[] = [
  manifestNode(),
  workload({
    kind: "Deployment",
    namespace: system,
    name: "calico-kube-controllers",
    image: "quay.io/calico/kube-controllers:v3.32.4",
    replicas: 1,
    pod: { tolerations: [{ operator: "Exists" }] },
  }),
  {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "FelixConfiguration",
    metadata: { name: "default" },
    spec: { logSeverityScreen: "Info", reportingInterval: "0s" },
  },
  pool(),
];

function pool(): KubernetesObject {
  return {
    apiVersion: "crd.projectcalico.org/v1",
    kind: "IPPool",
    metadata: { name: "default-ipv4-ippool" },
    spec: { cidr: "192.168.0.0/16", ipipMode: "Never", vxlanMode: "Always", natOutgoing: true },
  };
}

function dns(): KubernetesObject {
  const labels = { "k8s-app": "kube-dns" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace: system, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "coredns", image: "registry.k8s.io/coredns:v1.13.2" }] },
      },
    },
  };
}

function manifestNode(): KubernetesObject {
  const labels = { "k8s-app": "calico-node" };
  const reference = { name: "kubernetes-services-endpoint", optional: true };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "calico-node", namespace: system, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          ...everywhere,
          containers: [
            {
              name: "calico-node",
              image: "quay.io/calico/node:v3.32.4",
              env: [{ name: "DATASTORE_TYPE", value: "kubernetes" }],
              envFrom: [{ configMapRef: reference }],
            },
          ],
          volumes: [{ name: "bpffs", hostPath: { path: "/sys/fs/bpf", type: "Directory" } }],
        },
      },
    },
  };
}
