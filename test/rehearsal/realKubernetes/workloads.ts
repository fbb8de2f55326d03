import type { KubernetesObject } from "../kubernetes/object.ts";

/** Runs on every node, whatever its state, on the host's network. */
const everywhere = {
  hostNetwork: true,
  tolerations: [
    { operator: "Exists", effect: "NoSchedule" },
    { operator: "Exists", effect: "NoExecute" },
  ],
} as const;

interface Workload {
  readonly kind: "DaemonSet" | "Deployment";
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly replicas?: number;
  /** Further fields of the pod's spec. */
  readonly pod?: object;
}

/** A workload as its API wants it: the fields that decide where and when its pods run. */
export function workload({
  kind,
  namespace,
  name,
  image,
  env = [],
  replicas,
  pod,
}: Workload): KubernetesObject {
  const labels = { "k8s-app": name };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image, env }], ...pod },
      },
    },
  };
}

/** calico-node and Typha, as the operator renders them (tigera/operator pkg/render/node.go and typha.go). */
export function calicoWorkloads({
  dnsPolicy,
  apiServer,
  bpf,
  calicoVersion,
  typhaReplicas,
}: {
  readonly dnsPolicy: string;
  /** Host and port. */
  readonly apiServer: string | undefined;
  readonly bpf: boolean;
  /** `v3.32.4` */
  readonly calicoVersion: string;
  readonly typhaReplicas: number;
}): KubernetesObject[] {
  const [host = "", port = ""] = apiServer?.split(":") ?? [];
  const env =
    apiServer === undefined
      ? []
      : [
          { name: "KUBERNETES_SERVICE_HOST", value: host },
          { name: "KUBERNETES_SERVICE_PORT", value: port },
        ];
  const namespace = "calico-system";
  return [
    workload({
      kind: "Deployment",
      namespace,
      name: "calico-typha",
      image: `quay.io/calico/typha:${calicoVersion}`,
      env,
      replicas: typhaReplicas,
      pod: everywhere,
    }),
    workload({
      kind: "DaemonSet",
      namespace,
      name: "calico-node",
      image: `quay.io/calico/node:${calicoVersion}`,
      env,
      pod: {
        ...everywhere,
        dnsPolicy,
        // By this volume the operator knows a rollout that eBPF may follow.
        ...(bpf
          ? { volumes: [{ name: "bpffs", hostPath: { path: "/sys/fs/bpf", type: "Directory" } }] }
          : {}),
      },
    }),
  ];
}

/** What each EKS add-on puts into the cluster. */
export const addonWorkloads: Readonly<Record<string, KubernetesObject>> = {
  "kube-proxy": workload({
    kind: "DaemonSet",
    namespace: "kube-system",
    name: "kube-proxy",
    image: "eks/kube-proxy",
    pod: everywhere,
  }),
  coredns: workload({
    kind: "Deployment",
    namespace: "kube-system",
    name: "coredns",
    image: "eks/coredns",
    replicas: 2,
    pod: {
      dnsPolicy: "Default",
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
    },
  }),
};

/** The service by which pods find CoreDNS; its address is the tenth of the services' range, as on EKS. */
export function dnsService(serviceCidr: string): KubernetesObject {
  const [base = ""] = serviceCidr.split("/");
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: "kube-system" },
    spec: {
      clusterIP: base.replace(/\d+$/, "10"),
      selector: { "k8s-app": "coredns" },
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    },
  };
}
