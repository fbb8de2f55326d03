import { autoscalerVersions, charts, loadBalancerActions } from "../facts/charts.ts";
import { webhookPorts } from "../facts/ports.ts";
import type { PolicyStatement } from "../settings/addons.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { blockFromEnd } from "../values/cidr.ts";
import { lookUp } from "../values/lookUp.ts";
import { partitionOf } from "../values/partition.ts";
import { firstLoadBalancerBlocks } from "./subnets.ts";

/** A chart of one version, and its source. */
export interface ChartRelease {
  readonly chart: string;
  /** `https://` address of a Helm repository, or `oci://` address of the folder that holds the chart. */
  readonly repository: string;
  readonly version: string;
}

/** A chart of `facts/charts.ts` at its pinned version, from the stack's mirror when it is set. */
export function pinnedChart(
  { charts: { repository } }: Pick<Settings, "charts">,
  chart: keyof typeof charts,
) {
  const pinned = charts[chart];
  return { chart, repository: repository ?? pinned.repository, version: pinned.version };
}

/** Image of a chart's workload without tag, from the stack's mirror when it is set. */
export function chartImage(
  { charts: { registry } }: Pick<Settings, "charts">,
  chart: keyof typeof charts,
): string {
  const { image } = charts[chart];
  return `${registry ?? image.registry}/${image.repository}`;
}

/** Source of a Helm chart, as `helm.v4.Chart` expects it: an OCI address includes the chart's name. */
export function chartSource({ repository, chart }: Pick<ChartRelease, "chart" | "repository">) {
  return repository.startsWith("oci://")
    ? { chart: `${repository.replace(/\/$/, "")}/${chart}` }
    : { chart, repositoryOpts: { repo: repository } };
}

/** Nodes at the pools' `desired` that take pods which tolerate the taints of these keys alone. */
export function nodesFor({ nodePools }: Pick<Settings, "nodePools">, tolerated: readonly string[]): number {
  return Object.values(nodePools)
    .filter(({ taints }) =>
      taints.every(({ key, effect }) => effect === "PreferNoSchedule" || tolerated.includes(key)),
    )
    .reduce((sum, { size }) => sum + size.desired, 0);
}

/** Values of metrics-server's chart. One pod, which leaves its port before the next one takes it, also on a single node. */
export function metricsServerValues(settings: Pick<Settings, "charts">) {
  const [containerPort] = webhookPorts["metrics-server"].ports;
  return {
    image: { repository: chartImage(settings, "metrics-server") },
    hostNetwork: { enabled: true },
    containerPort,
    replicas: 1,
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  };
}

/** Namespace and service account of the Cluster Autoscaler, and the name of its Deployment. */
export const autoscalerAccount = { namespace: "kube-system", serviceAccount: "cluster-autoscaler" } as const;

/** Whether the sizes of the pools are the Cluster Autoscaler's after the first `up`. */
export function isAutoscaled({ autoscaling }: Pick<Settings, "autoscaling">): boolean {
  return autoscaling === "ClusterAutoscaler";
}

/**
 * Values of the chart. The region is given, because the metadata service does not answer pods. It finds the groups by the tags
 * that EKS puts on the Auto Scaling groups of managed node groups (EKS user guide, managed-node-groups, read 2026-11-27).
 */
export function autoscalerValues(settings: Settings) {
  const { cluster, region } = settings;
  const tag = lookUp(autoscalerVersions, cluster.kubernetesVersion);
  return {
    fullnameOverride: autoscalerAccount.serviceAccount,
    cloudProvider: "aws",
    awsRegion: region,
    autoDiscovery: { clusterName: cluster.name },
    // The node's resolver: CoreDNS may be what waits for a node.
    dnsPolicy: "Default",
    image: { repository: chartImage(settings, "cluster-autoscaler"), ...(tag === undefined ? {} : { tag }) },
    rbac: { serviceAccount: { name: autoscalerAccount.serviceAccount } },
  };
}

/**
 * What the Cluster Autoscaler may do: read, and change the size of the groups of this cluster. `eks:DescribeNodegroup` tells
 * it labels and taints of a pool without nodes. Source: kubernetes/autoscaler cluster-autoscaler/cloudprovider/aws/README.md
 * at 55c37cd5 (2026-08-22).
 */
export function autoscalerStatements(clusterName: string) {
  return [
    allow(
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
        "eks:DescribeNodegroup",
      ],
      ["*"],
    ),
    allow(["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"], ["*"], {
      StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: ["owned"] },
    }),
  ] as const;
}

/** A statement that allows actions; default: without conditions. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  conditions: PolicyStatement["conditions"] = {},
): PolicyStatement {
  return { effect: "Allow", actions: [...actions], resources: [...resources], conditions };
}

/** Name of the AWS Load Balancer Controller: chart, Deployment and service account. */
export const controllerName = "aws-load-balancer-controller";

/** Its namespace. */
export const controllerNamespace = "kube-system";

/** Port of its webhooks on the nodes that it runs on. */
export const webhookPort = 9443;

/** Tag by which a load balancer finds the subnets that it may be in. Source: EKS user guide, network-load-balancing. */
export const subnetRole = { public: "kubernetes.io/role/elb", internal: "kubernetes.io/role/internal-elb" };

/** Tag of what belongs to a cluster: the controller finds the nodes' security group by it. */
export function clusterTag(clusterName: string): Record<string, string> {
  return { [`kubernetes.io/cluster/${clusterName}`]: "owned" };
}

/** Pods of the controller: one acts, the other stands by. */
const mostReplicas = 2;

/** Namespaces whose Services are created even while the controller does not answer. */
const ownNamespaces = ["calico-system", "kube-system", "tigera-operator"];

/** Values of the controller's chart. */
export function controllerValues<VpcId>(settings: Settings, vpcId: VpcId) {
  const { charts, cluster, region, tags } = settings;
  return {
    clusterName: cluster.name,
    // The controller asks the metadata service otherwise, whose one hop a pod's packet may have used up.
    region,
    vpcId,
    // The control plane cannot reach pods on the pod network.
    hostNetwork: true,
    dnsPolicy: "Default",
    webhookBindPort: webhookPort,
    replicaCount: Math.max(1, Math.min(mostReplicas, nodesFor(settings, []))),
    // Two pods cannot have the same port of one node: a new one starts when an old one has gone.
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    // Pods have no address outside the cluster.
    defaultTargetType: "instance",
    // A new certificate in every preview otherwise.
    keepTLSSecret: true,
    serviceMutatorWebhookConfig: {
      namespaceSelectors: [
        { key: "kubernetes.io/metadata.name", operator: "NotIn", values: [...ownNamespaces] },
      ],
    },
    enableShield: false,
    enableWaf: false,
    enableWafv2: false,
    defaultTags: { ...tags },
    ...(charts.registry === undefined ? {} : { image: { repository: chartImage(settings, controllerName) } }),
  };
}

/** What the controller's role may do, for load balancers that it creates for this cluster. */
export function controllerStatements({ cluster, region }: Settings, accountId: string): PolicyStatement[] {
  const partition = partitionOf(region);
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
  const elb = (resource: string) => arn("elasticloadbalancing", resource);
  const resources = {
    anything: ["*"],
    securityGroup: [arn("ec2", "security-group/*")],
    vpc: [arn("ec2", "vpc/*")],
    loadBalancer: [elb("loadbalancer/app/*/*"), elb("loadbalancer/net/*/*")],
    targetGroup: [elb("targetgroup/*/*")],
    listener: [elb("listener/app/*/*/*"), elb("listener/net/*/*/*")],
    rule: [elb("listener-rule/app/*/*/*"), elb("listener-rule/net/*/*/*")],
  };
  const ofCluster = { "elbv2.k8s.aws/cluster": cluster.name };
  const conditions = {
    request: equals("aws:RequestTag", ofCluster),
    owned: equals("aws:ResourceTag", ofCluster),
    nodes: equals("aws:ResourceTag", clusterTag(cluster.name)),
    created: {
      StringEquals: {
        ...equals("aws:RequestTag", ofCluster).StringEquals,
        "ec2:CreateAction": ["CreateSecurityGroup"],
      },
    },
  };
  return [
    ...loadBalancerActions.map(({ actions, on, tagged }) =>
      allow(
        actions,
        on.flatMap((scope) => resources[scope]),
        tagged && conditions[tagged],
      ),
    ),
    allow(
      ["iam:CreateServiceLinkedRole"],
      [`arn:${partition}:iam::${accountId}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*`],
      { StringEquals: { "iam:AWSServiceName": ["elasticloadbalancing.amazonaws.com"] } },
    ),
  ];
}

function equals(key: string, tags: Readonly<Record<string, string>>) {
  return {
    StringEquals: Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`${key}/${tag}`, [value]])),
  };
}

/**
 * The settings with the subnets of load balancers among the clients that DSR leaves out: the load balancer expects the reply
 * from the node that it sent to. Unchanged without load balancers or without DSR.
 */
export function withoutDsrForLoadBalancers(
  settings: Settings,
  { existing }: Pick<Surroundings, "existing">,
): Settings {
  const { calico, loadBalancers, network } = settings;
  if (!loadBalancers || calico.externalService !== "DSR") return settings;
  const cidrs =
    network.existing === undefined
      ? [blockFromEnd(network.vpcCidr, firstLoadBalancerBlocks.prefix, firstLoadBalancerBlocks.index)]
      : (existing?.loadBalancerSubnets ?? []).map(({ cidr }) => cidr);
  const dsrOptOutCidrs = [...new Set([...calico.dsrOptOutCidrs, ...cidrs])];
  return { ...settings, calico: { ...calico, dsrOptOutCidrs } };
}
