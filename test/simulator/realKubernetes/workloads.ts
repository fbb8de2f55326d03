import { type AddonEvent, environmentIn } from "../kubernetes/addons.ts";
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
  /** Label `k8s-app` of it and its pods. Default: its name. */
  readonly app?: string;
  readonly image: string;
  readonly env?: readonly { readonly name: string; readonly value: string }[];
  readonly replicas?: number;
  /** Further fields of the container. */
  readonly container?: object;
  /** Further fields of the pod's spec. */
  readonly pod?: object;
  /** Further fields of the workload's spec. */
  readonly rollout?: object;
}

/** CoreDNS has the label of what it replaced, on EKS, too: policies and services select it by that. */
const dnsApp = "kube-dns";

/** A workload as its API wants it: the fields that decide where and when its pods run. */
export function workload({
  kind,
  namespace,
  name,
  app = name,
  image,
  env = [],
  replicas,
  container = {},
  pod,
  rollout = {},
}: Workload): KubernetesObject {
  const labels = { "k8s-app": app };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace, labels },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      ...rollout,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name, image, env, ...container }], ...pod },
      },
    },
  };
}

const daemonSet = { kind: "DaemonSet", namespace: "kube-system", pod: everywhere } as const;

/** What each EKS add-on puts into the cluster. */
const workloadsOfAddons: Readonly<Record<string, readonly Omit<Workload, "image">[]>> = {
  "kube-proxy": [{ ...daemonSet, name: "kube-proxy" }],
  "vpc-cni": [{ ...daemonSet, name: "aws-node" }],
  "eks-pod-identity-agent": [{ ...daemonSet, name: "eks-pod-identity-agent" }],
  "aws-ebs-csi-driver": [
    { ...daemonSet, name: "ebs-csi-node" },
    { kind: "Deployment", namespace: "kube-system", name: "ebs-csi-controller", replicas: 2 },
  ],
  coredns: [
    {
      kind: "Deployment",
      namespace: "kube-system",
      name: "coredns",
      app: dnsApp,
      replicas: 2,
      pod: {
        dnsPolicy: "Default",
        tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
      },
    },
  ],
};

/** The workloads of an EKS add-on; none: it puts none into the cluster. Another version has another image. */
export function addonWorkloads({
  name,
  version = "latest",
  configuration,
}: Pick<AddonEvent, "configuration" | "name" | "version">): KubernetesObject[] {
  const image = `eks/${name}:${version}`;
  return (workloadsOfAddons[name] ?? []).map((one) =>
    workload({ ...one, image, env: environmentIn(configuration) }),
  );
}

/** The service by which pods find CoreDNS; its address is the tenth of the services' range, as on EKS. */
export function dnsService(serviceCidr: string): KubernetesObject {
  const [base = ""] = serviceCidr.split("/");
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: "kube-system" },
    spec: {
      clusterIP: base.replace(/\d+$/, "10"),
      selector: { "k8s-app": dnsApp },
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    },
  };
}
