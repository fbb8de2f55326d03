import { loadBalancerActions } from "../facts/loadBalancerActions.ts";
import type { PolicyStatement } from "../settings/podIdentities.ts";
import type { Settings, Surroundings } from "../settings/settings.ts";
import { blockFromEnd } from "../values/cidr.ts";
import { partitionOf } from "../values/partition.ts";
import { chartImage } from "./helmChart.ts";
import { firstLoadBalancerBlocks } from "./subnets.ts";

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
  const { charts, cluster, nodePools, region, tags } = settings;
  const nodes = Object.values(nodePools).reduce((sum, { size }) => sum + size.desired, 0);
  return {
    clusterName: cluster.name,
    // The controller asks the metadata service otherwise, whose one hop a pod's packet may have used up.
    region,
    vpcId,
    // The control plane cannot reach pods on the pod network.
    hostNetwork: true,
    dnsPolicy: "Default",
    webhookBindPort: webhookPort,
    replicaCount: Math.max(1, Math.min(mostReplicas, nodes)),
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
    ...loadBalancerActions.map(
      ({ actions, on, tagged }): PolicyStatement => ({
        effect: "Allow",
        actions: [...actions],
        resources: on.flatMap((scope) => resources[scope]),
        conditions: tagged === undefined ? {} : conditions[tagged],
      }),
    ),
    {
      effect: "Allow",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: [
        `arn:${partition}:iam::${accountId}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*`,
      ],
      conditions: { StringEquals: { "iam:AWSServiceName": ["elasticloadbalancing.amazonaws.com"] } },
    },
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
