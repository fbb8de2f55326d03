/** A Helm chart that this program installs when a setting needs it, at the version that was read. */
interface Chart {
  /** Its maintainers' repository: `https://` address of a Helm repository, or `oci://` address of its folder. */
  readonly repository: string;
  readonly version: string;
  /** Image of its workload, without tag; the chart's own default. */
  readonly image: { readonly registry: string; readonly repository: string };
  readonly source: string;
}

/** Charts by name. Calico's own follows `calico.version` and `calico.chartRepository` instead. */
export const charts = {
  "aws-load-balancer-controller": {
    repository: "https://aws.github.io/eks-charts",
    version: "3.5.0",
    image: { registry: "public.ecr.aws", repository: "eks/aws-load-balancer-controller" },
    source:
      "kubernetes-sigs/aws-load-balancer-controller 225f4456 helm/aws-load-balancer-controller/{Chart,values}.yaml, read 2026-11-27",
  },
  "metrics-server": {
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    version: "3.13.0",
    image: { registry: "registry.k8s.io", repository: "metrics-server/metrics-server" },
    source:
      "kubernetes-sigs/metrics-server metrics-server-helm-chart-3.13.0 (1a64100c) charts/metrics-server/{values.yaml,templates/deployment.yaml}, read 2026-11-28",
  },
  "cluster-autoscaler": {
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
    image: { registry: "registry.k8s.io", repository: "autoscaling/cluster-autoscaler" },
    source:
      "kubernetes/autoscaler 55c37cd5 cluster-autoscaler/charts/cluster-autoscaler/{Chart,values}.yaml, read 2026-11-27",
  },
  karpenter: {
    repository: "oci://public.ecr.aws/karpenter",
    version: "1.14.1",
    image: { registry: "public.ecr.aws", repository: "karpenter/controller" },
    source:
      "aws/karpenter-provider-aws v1.14.1 charts/karpenter/values.yaml and its website's compatibility matrix (Kubernetes 1.36 from 1.13 on), read 2026-11-28",
  },
} as const satisfies Readonly<Record<string, Chart>>;
