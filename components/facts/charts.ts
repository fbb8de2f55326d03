import type { kubernetesVersions } from "./versions.ts";

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
    version: "3.13.1",
    image: { registry: "registry.k8s.io", repository: "metrics-server/metrics-server" },
    source:
      "kubernetes-sigs/metrics-server metrics-server-helm-chart-3.13.1 (214abbab) charts/metrics-server/{values.yaml,templates/deployment.yaml}, read 2026-11-28",
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

/**
 * Release of the Cluster Autoscaler for each Kubernetes minor version: it runs the scheduler's code of that version. Source:
 * kubernetes/autoscaler tags cluster-autoscaler-1.34.5, -1.35.2 and -1.36.1, the release notes' images, and its README's
 * compatibility section, read 2026-11-28.
 */
export const autoscalerVersions = {
  "1.34": "v1.34.5",
  "1.35": "v1.35.2",
  "1.36": "v1.36.1",
} as const satisfies Readonly<Record<keyof typeof kubernetesVersions, string>>;

/**
 * Tags that the AWS Load Balancer Controller sets itself: it does not start with another value for one. Source:
 * kubernetes-sigs/aws-load-balancer-controller v3.5.0 pkg/config/controller_config.go, read 2026-11-28.
 */
export const controllerTags = [
  "elbv2.k8s.aws/cluster",
  "elbv2.k8s.aws/resource",
  "ingress.k8s.aws/resource",
  "ingress.k8s.aws/stack",
  "service.k8s.aws/resource",
  "service.k8s.aws/stack",
] as const;

/** Resources that an action is for, as parts of ARNs. */
type Scope = "anything" | "securityGroup" | "vpc" | "loadBalancer" | "targetGroup" | "listener" | "rule";

/** What the tags must say for the action to be allowed. */
type Tagged =
  /** The request tags what it creates for this cluster. */
  | "request"
  /** What it changes has the tag of this cluster's controller. */
  | "owned"
  /** The security group is that of this cluster's nodes. */
  | "nodes"
  /** Tags come with the creation that they belong to. */
  | "created";

interface Grant {
  readonly actions: readonly string[];
  readonly on: readonly Scope[];
  readonly tagged?: Tagged;
  readonly why: string;
}

/**
 * What the AWS Load Balancer Controller calls for Services of type LoadBalancer and Ingresses with instance targets, with
 * its add-ons for WAF and Shield off, and what Elastic Load Balancing calls in its name. Sources: calls in
 * kubernetes-sigs/aws-load-balancer-controller 225f4456 pkg/aws/services and pkg/deploy, and which of them take resources and
 * tags in the Service Authorization Reference, read 2026-11-27; Elastic Load Balancing user guide, elb-api-permissions, read
 * 2026-11-28. Of upstream's docs/install/iam_policy.json at v3.5.0 it leaves out: address pools (IPAM, Outposts), Cognito's
 * user pools and IAM's server certificates, WAF and Shield, and target groups of others.
 */
export const loadBalancerActions: readonly Grant[] = [
  {
    actions: [
      "ec2:DescribeAccountAttributes",
      "ec2:DescribeAddresses",
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
      "ec2:DescribeInternetGateways",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeRouteTables",
      "ec2:DescribeSecurityGroups",
      "ec2:DescribeSubnets",
      "ec2:DescribeVpcs",
      "ec2:GetSecurityGroupsForVpc",
      "elasticloadbalancing:DescribeCapacityReservation",
      "elasticloadbalancing:DescribeListenerAttributes",
      "elasticloadbalancing:DescribeListenerCertificates",
      "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeRules",
      "elasticloadbalancing:DescribeSSLPolicies",
      "elasticloadbalancing:DescribeTags",
      "elasticloadbalancing:DescribeTargetGroupAttributes",
      "elasticloadbalancing:DescribeTargetGroups",
      "elasticloadbalancing:DescribeTargetHealth",
      "elasticloadbalancing:DescribeTrustStores",
    ],
    on: ["anything"],
    why: "subnets, nodes and load balancers as they are; AWS restricts none of these to a resource",
  },
  {
    actions: ["acm:DescribeCertificate", "acm:ListCertificates"],
    on: ["anything"],
    why: "certificates of HTTPS listeners, found by host name",
  },
  { actions: ["ec2:CreateSecurityGroup"], on: ["vpc"], why: "groups of load balancers, in the VPC" },
  {
    actions: ["ec2:CreateSecurityGroup"],
    on: ["securityGroup"],
    tagged: "request",
    why: "groups of load balancers",
  },
  { actions: ["ec2:CreateTags"], on: ["securityGroup"], tagged: "created", why: "their tags" },
  {
    actions: [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateTags",
      "ec2:DeleteSecurityGroup",
      "ec2:DeleteTags",
      "ec2:RevokeSecurityGroupIngress",
    ],
    on: ["securityGroup"],
    tagged: "owned",
    why: "their rules, tags and end",
  },
  {
    actions: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
    on: ["securityGroup"],
    tagged: "nodes",
    why: "lets load balancers reach the nodes' NodePorts",
  },
  {
    actions: ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
    on: ["loadBalancer", "targetGroup"],
    tagged: "request",
    why: "load balancers and their targets",
  },
  {
    actions: ["elasticloadbalancing:AddTags"],
    on: ["loadBalancer", "targetGroup", "listener", "rule"],
    tagged: "request",
    why: "the tags that they are created with",
  },
  {
    actions: [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:DeregisterTargets",
      "elasticloadbalancing:ModifyCapacityReservation",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RegisterTargets",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
    ],
    on: ["loadBalancer", "targetGroup"],
    tagged: "owned",
    why: "changes and end of what the controller created",
  },
  {
    actions: [
      "elasticloadbalancing:AddListenerCertificates",
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateRule",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteRule",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyRule",
      "elasticloadbalancing:RemoveListenerCertificates",
      "elasticloadbalancing:SetRulePriorities",
      "elasticloadbalancing:RemoveTags",
    ],
    on: ["loadBalancer", "listener", "rule"],
    tagged: "owned",
    why: "listeners and rules, which carry the controller's tags as well",
  },
];
