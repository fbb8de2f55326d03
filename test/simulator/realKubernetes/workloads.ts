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

/** A workload as its API wants it: the fields that decide where and when its pods run. */
export function workload({
  kind,
  namespace,
  name,
  image,
  env = [],
  replicas,
  container = {},
  pod,
  rollout = {},
}: Workload): KubernetesObject {
  const labels = { "k8s-app": name };
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

const felixReady = { exec: { command: ["/bin/calico-node", "-felix-ready"] }, timeoutSeconds: 10 } as const;

/** Ready within five minutes of its start, then probed every half minute, as seen of operator v1.42. */
const calicoNodeProbes = {
  startupProbe: { ...felixReady, periodSeconds: 2, failureThreshold: 150 },
  readinessProbe: { ...felixReady, periodSeconds: 30 },
  livenessProbe: {
    httpGet: { host: "localhost", path: "/liveness", port: 9099 },
    periodSeconds: 60,
    timeoutSeconds: 10,
  },
} as const;

/**
 * What the operator renders into calico-system, by what v1.42 was seen to render: calico-node, Typha, kube-controllers and,
 * with an API server, its pods (tigera/operator pkg/render).
 */
export function calicoWorkloads({
  dnsPolicy,
  apiServer,
  bpf,
  calicoVersion,
  typhaReplicas,
  hasApiServer,
  cni,
}: {
  readonly dnsPolicy: string;
  /** Host and port. */
  readonly apiServer: string | undefined;
  readonly bpf: boolean;
  /** `v3.32.4` */
  readonly calicoVersion: string;
  readonly typhaReplicas: number;
  /** Whether there is a resource APIServer. */
  readonly hasApiServer: boolean;
  /** Of the Installation. */
  readonly cni: string;
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
      rollout: {
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 1 } },
      },
    }),
    workload({
      kind: "Deployment",
      namespace,
      name: "calico-kube-controllers",
      image: `quay.io/calico/kube-controllers:${calicoVersion}`,
      replicas: 1,
      pod: { tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }] },
      rollout: { strategy: { type: "Recreate" } },
    }),
    ...(hasApiServer ? [apiServerPods(namespace, calicoVersion, cni === "Calico" ? env : undefined)] : []),
    workload({
      kind: "DaemonSet",
      namespace,
      name: "calico-node",
      image: `quay.io/calico/node:${calicoVersion}`,
      env,
      container: calicoNodeProbes,
      rollout: {
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      },
      pod: {
        ...everywhere,
        dnsPolicy,
        initContainers: [
          { name: "flexvol-driver", image: `quay.io/calico/pod2daemon-flexvol:${calicoVersion}` },
          ...(bpf
            ? [
                {
                  name: "ebpf-bootstrap",
                  image: `quay.io/calico/node:${calicoVersion}`,
                  command: ["calico-node", "-init"],
                },
              ]
            : []),
          ...(cni === "Calico"
            ? [
                {
                  name: "install-cni",
                  image: `quay.io/calico/cni:${calicoVersion}`,
                  command: ["/opt/cni/bin/install"],
                  env,
                },
              ]
            : []),
        ],
        // By this volume the operator knows a rollout that eBPF may follow.
        ...(bpf
          ? { volumes: [{ name: "bpffs", hostPath: { path: "/sys/fs/bpf", type: "Directory" } }] }
          : {}),
      },
    }),
  ];
}

/** @param env of the API server's own address, on the host's network; undefined: with another CNI it is on the pod network */
function apiServerPods(namespace: string, calicoVersion: string, env: Workload["env"]): KubernetesObject {
  return workload({
    kind: "Deployment",
    namespace,
    name: "calico-apiserver",
    image: `quay.io/calico/apiserver:${calicoVersion}`,
    ...(env === undefined ? {} : { env }),
    replicas: 2,
    container: {
      args: ["--secure-port=5443"],
      readinessProbe: { httpGet: { path: "/readyz", port: 5443, scheme: "HTTPS" }, periodSeconds: 60 },
    },
    ...(env === undefined ? {} : { pod: everywhere }),
    rollout: { strategy: { type: "Recreate" } },
  });
}

/** What each EKS add-on puts into the cluster. */
const addonWorkloads: Readonly<Record<string, Omit<Workload, "image">>> = {
  "kube-proxy": { kind: "DaemonSet", namespace: "kube-system", name: "kube-proxy", pod: everywhere },
  "vpc-cni": { kind: "DaemonSet", namespace: "kube-system", name: "aws-node", pod: everywhere },
  coredns: {
    kind: "Deployment",
    namespace: "kube-system",
    name: "coredns",
    replicas: 2,
    pod: {
      dnsPolicy: "Default",
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
    },
  },
};

/** The workload of an EKS add-on; undefined for one that puts none into the cluster. Another version has another image. */
export function addonWorkload({
  name,
  version = "latest",
  configuration,
}: Pick<AddonEvent, "configuration" | "name" | "version">): KubernetesObject | undefined {
  const found = addonWorkloads[name];
  if (found === undefined) return undefined;
  return workload({ ...found, image: `eks/${name}:${version}`, env: environmentIn(configuration) });
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
      selector: { "k8s-app": "coredns" },
      ports: [
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "dns-tcp", port: 53, protocol: "TCP" },
      ],
    },
  };
}
