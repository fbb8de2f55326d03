import { coreDnsTolerations } from "../facts/nodes.ts";
import type { PolicyStatement } from "../settings/addons.ts";
import type { DeepReadonly, Settings } from "../settings/settings.ts";
import { allow, chartImage, nodesFor } from "./charts.ts";

/** Namespace and service account of Karpenter, and the name of its Deployment. */
export const karpenterAccount = { namespace: "kube-system", serviceAccount: "karpenter" } as const;

/** Whether Karpenter starts nodes in addition to those of the node groups. */
export function usesKarpenter({ autoscaling }: Pick<Settings, "autoscaling">): boolean {
  return autoscaling === "Karpenter";
}

/** Replicas of its controller: the chart never puts two on one node, nor any on a node that Karpenter has started. */
const mostReplicas = 2;

/**
 * Values of the chart. Its pods use the pod network, as no webhook of it is left for the control plane to call; DNS by way of the
 * node, because CoreDNS may be what waits for a node; and the region, because the metadata service does not answer pods.
 * Source: aws/karpenter-provider-aws 1.14.1 charts/karpenter/values.yaml and its website, getting started. Read 2026-11-28.
 */
export function karpenterValues<Name>(settings: Settings, interruptionQueue: Name) {
  const { cluster, network, region } = settings;
  // Its chart tolerates the same taint as CoreDNS.
  const nodes = nodesFor(settings, coreDnsTolerations);
  const isClosed = network.existing === undefined && network.natGateway === "None";
  return {
    fullnameOverride: karpenterAccount.serviceAccount,
    serviceAccount: { name: karpenterAccount.serviceAccount },
    replicas: Math.max(1, Math.min(mostReplicas, nodes)),
    dnsPolicy: "Default",
    // The chart's own constraint has no exception: a zone whose nodes take none of its pods would keep the second one waiting.
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
    ],
    controller: {
      image: { repository: chartImage(settings, "karpenter") },
      env: [{ name: "AWS_REGION", value: region }],
      // It sizes its memory by the limit.
      resources: { requests: { cpu: "250m", memory: "1Gi" }, limits: { memory: "1Gi" } },
    },
    settings: {
      clusterName: cluster.name,
      interruptionQueue,
      ...(isClosed ? { isolatedVPC: true } : {}),
    },
  };
}

/**
 * What Karpenter needs to know in time: that a spot instance, or an instance on a host that AWS services, will go away, and
 * that an instance has stopped. Source: aws/karpenter-provider-aws 1.14.1 website, cloudformation.yaml. Read 2026-11-28.
 */
export const interruptionPattern = {
  source: ["aws.ec2", "aws.health"],
  "detail-type": [
    "AWS Health Event",
    "EC2 Instance Rebalance Recommendation",
    "EC2 Instance State-change Notification",
    "EC2 Spot Instance Interruption Warning",
  ],
} as const;

/** Policy of the queue, as JSON: the rule alone puts messages into it, and nothing reads or writes it without TLS. */
export function interruptionQueuePolicy({ queueArn, ruleArn }: { queueArn: string; ruleArn: string }) {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}

export interface KarpenterPermissions {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
}

/**
 * What Karpenter may do: read, start instances that carry this cluster's tags, and end those. The instance profile is this
 * program's, so it may only look at profiles. Source: aws/karpenter-provider-aws 1.14.1 website,
 * cloudformation.yaml and pkg/controllers/nodeclass. Read 2026-11-28.
 */
export function karpenterStatements(args: KarpenterPermissions): DeepReadonly<PolicyStatement>[] {
  return [...startingStatements(args), ...tagStatements(args), ...readingStatements(args)];
}

/** What an instance consists of, and what starts it. */
const madeKinds = [
  "fleet",
  "instance",
  "launch-template",
  "network-interface",
  "spot-instances-request",
  "volume",
];

function startingStatements({ partition, region, clusterName, nodeRoleArn }: KarpenterPermissions) {
  const ec2 = (owner: string) => (kind: string) => `arn:${partition}:ec2:${region}:${owner}:${kind}/*`;
  return [
    allow(
      ["ec2:CreateFleet", "ec2:RunInstances"],
      [...["image", "snapshot"].map(ec2("")), ...["security-group", "subnet"].map(ec2("*"))],
    ),
    allow(
      ["ec2:CreateFleet", "ec2:RunInstances"],
      [ec2("*")("launch-template")],
      ofCluster("ResourceTag", clusterName),
    ),
    allow(
      ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"],
      madeKinds.map(ec2("*")),
      ofCluster("RequestTag", clusterName),
    ),
    allow(
      ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
      ["instance", "launch-template"].map(ec2("*")),
      ofCluster("ResourceTag", clusterName),
    ),
    allow(["iam:PassRole"], [nodeRoleArn], {
      StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
    }),
  ];
}

function tagStatements({ partition, region, clusterName }: KarpenterPermissions) {
  const ec2 = (kind: string) => `arn:${partition}:ec2:${region}:*:${kind}/*`;
  const made = ofCluster("RequestTag", clusterName);
  const own = ofCluster("ResourceTag", clusterName);
  return [
    allow(["ec2:CreateTags"], madeKinds.map(ec2), {
      ...made,
      StringEquals: {
        ...made["StringEquals"],
        "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
      },
    }),
    allow(["ec2:CreateTags"], [ec2("instance")], {
      ...own,
      StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": [clusterName] },
      "ForAllValues:StringEquals": {
        "aws:TagKeys": ["Name", "eks:eks-cluster-name", "karpenter.sh/nodeclaim"],
      },
    }),
  ];
}

function readingStatements(args: KarpenterPermissions) {
  const { partition, region, accountId, clusterName, queueArn } = args;
  return [
    allow(
      [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
      ],
      ["*"],
      { StringEquals: { "aws:RequestedRegion": [region] } },
    ),
    allow(["ssm:GetParameter"], [`arn:${partition}:ssm:${region}::parameter/aws/service/*`]),
    allow(["iam:ListInstanceProfiles", "pricing:GetProducts"], ["*"]),
    allow(["iam:GetInstanceProfile"], [`arn:${partition}:iam::${accountId}:instance-profile/*`]),
    allow(["eks:DescribeCluster"], [`arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`]),
    allow(["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"], [queueArn]),
  ];
}

/** Tags that Karpenter gives to what it makes for a cluster. */
function ofCluster(where: "RequestTag" | "ResourceTag", clusterName: string) {
  return {
    StringEquals: {
      [`aws:${where}/kubernetes.io/cluster/${clusterName}`]: ["owned"],
      ...(where === "RequestTag" ? { "aws:RequestTag/eks:eks-cluster-name": [clusterName] } : {}),
    },
    StringLike: { [`aws:${where}/karpenter.sh/nodepool`]: ["*"] },
  } as Record<string, Record<string, string[]>>;
}
