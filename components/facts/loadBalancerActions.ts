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
 * its add-ons for WAF and Shield off. Source: calls in kubernetes-sigs/aws-load-balancer-controller 225f4456 pkg/aws/services
 * and pkg/deploy, and which of them take resources and tags in the Service Authorization Reference; read 2026-11-27.
 */
export const loadBalancerActions: readonly Grant[] = [
  {
    actions: [
      "ec2:DescribeAvailabilityZones",
      "ec2:DescribeInstances",
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
