interface Duration {
  /** Seconds from the call to the provider's "created". */
  readonly create: number;
  readonly delete: number;
  /** Seconds of an update that takes noticeably long. */
  readonly update?: number;
  readonly source: string;
}

interface Milestone {
  readonly seconds: number;
  /** What the seconds are counted from. */
  readonly from: string;
  readonly source: string;
}

/** Lines "Creation complete after …" and "Destruction complete after …" of logs, read on 2026-11-20. */
const logs = "Terraform logs in public repositories and issues, read 2026-11-20";

/**
 * Typical seconds per Pulumi resource type. The Terraform and the Pulumi provider share their waiting code, so
 * the one's logs stand for the other.
 */
export const durations = {
  "aws:ec2/vpc:Vpc": {
    create: 13,
    delete: 1,
    source: `${logs}: 6 to 25 s with DNS hostnames on, 1 s to delete`,
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    create: 2,
    delete: 0,
    source: `estimate: four calls on a group that exists; deletion only forgets it`,
  },
  "aws:ec2/subnet:Subnet": {
    create: 1,
    delete: 1,
    source: `${logs}: 1 s; 11 s where public addresses are assigned`,
  },
  "aws:ec2/internetGateway:InternetGateway": { create: 1, delete: 1, source: `${logs}: 1 s` },
  "aws:ec2/eip:Eip": { create: 1, delete: 1, source: `${logs}: 0 to 1 s, 1 to 3 s to delete` },
  "aws:ec2/natGateway:NatGateway": {
    create: 105,
    delete: 60,
    source: `${logs}: 85 to 125 s, 37 to 79 s to delete; hashicorp/terraform-provider-aws#49299: 61 s`,
  },
  "aws:ec2/routeTable:RouteTable": { create: 1, delete: 1, source: `${logs}: 1 s` },
  "aws:ec2/route:Route": { create: 1, delete: 1, source: `${logs}: 1 to 2 s` },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { create: 1, delete: 1, source: `${logs}: 1 s` },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    create: 6,
    delete: 6,
    source: `${logs}: gateway endpoints 6 to 7 s; interface endpoints take about a minute longer (estimate)`,
  },
  "aws:ec2/flowLog:FlowLog": { create: 2, delete: 1, source: `${logs}: 1 to 2 s` },
  "aws:ec2/securityGroup:SecurityGroup": { create: 3, delete: 1, source: `${logs}: 2 to 3 s, 1 s to delete` },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    create: 1,
    delete: 1,
    source: "estimate: one call; the older rule resource shows 1 to 5 s where many are made at once",
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    create: 1,
    delete: 1,
    source: "estimate: as the ingress rule",
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    create: 6,
    delete: 1,
    update: 6,
    source: `${logs}: 1 to 2 s until 2023, 6 to 7 s with later providers`,
  },
  "aws:iam/role:Role": { create: 2, delete: 1, source: "pulumi/pulumi-eks#1819: 1 to 2 s" },
  "aws:iam/rolePolicy:RolePolicy": { create: 1, delete: 1, source: `${logs}: 1 s` },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    create: 1,
    delete: 1,
    source: "pulumi/pulumi-eks#1819: 0.7 to 1 s",
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    create: 1,
    delete: 1,
    source: `${logs}: 0 to 1 s`,
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    create: 8,
    delete: 1,
    source: "estimate: the provider waits until IAM answers the same for a few seconds",
  },
  "aws:sqs/queue:Queue": {
    create: 26,
    delete: 1,
    source:
      "hashicorp/terraform-provider-aws#27393: about 25 s, until its attributes read the same several times",
  },
  "aws:sqs/queuePolicy:QueuePolicy": {
    create: 26,
    delete: 26,
    source: "estimate: as the queue's attributes",
  },
  "aws:cloudwatch/eventRule:EventRule": {
    create: 3,
    delete: 1,
    source: "turbot/steampipe-plugin-aws#62: 3 s",
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    create: 2,
    delete: 1,
    source: "turbot/steampipe-plugin-aws#62: 2 s",
  },
  "aws:kms/key:Key": { create: 22, delete: 1, source: `${logs}: 12 to 29 s; deletion is only scheduled` },
  "aws:kms/alias:Alias": { create: 1, delete: 1, source: `${logs}: 0 to 1 s` },
  "aws:cloudwatch/logGroup:LogGroup": { create: 1, delete: 1, source: `${logs}: 1 s` },
  "aws:eks/cluster:Cluster": {
    create: 600,
    delete: 180,
    update: 480,
    source: `${logs}: 8m13 to 11m23, 1m09 to 8m42 to delete, usually 2 to 4 min; a version update 8 min (estimate)`,
  },
  "aws:eks/accessEntry:AccessEntry": { create: 1, delete: 1, source: "estimate: one call without waiting" },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    create: 1,
    delete: 1,
    source: "estimate: one call without waiting",
  },
  "aws:eks/nodeGroup:NodeGroup": {
    create: 120,
    delete: 300,
    update: 60,
    source: `${logs}: 1m28 to 3m21 with a CNI present, 2m18 to 8m21 to delete; a settings update 1 min (estimate)`,
  },
  "aws:eks/addon:Addon": {
    create: 20,
    delete: 9,
    update: 30,
    source: `${logs}: coredns 14 to 34 s and kube-proxy 4 to 45 s once nodes are there, 9 s to delete`,
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    create: 1,
    delete: 1,
    source: "estimate: one call without waiting",
  },
} as const satisfies Readonly<Record<string, Duration>>;

/** Seconds inside a longer operation. */
export const milestones = {
  instanceBoot: {
    seconds: 75,
    from: "the launch of an instance until its node registers",
    source: "estimate: the fastest node groups are complete after 88 s, which includes EKS's own polling",
  },
  nodeGroupPolling: {
    seconds: 15,
    from: "all nodes Ready until the node group is ACTIVE",
    source: "estimate: EKS looks at a group's nodes a few times a minute",
  },
  nodeDrain: {
    seconds: 60,
    from: "a replacement node being Ready until the old node is gone",
    source: "estimate: pods have 30 s of grace by default, then the instance is shut down",
  },
  karpenterNodeEnd: {
    seconds: 60,
    from: "the deletion of a NodePool until Karpenter has drained and ended its nodes, all at once",
    source: "estimate: as for nodeDrain; pods that do not stop take up to the 15 minutes of the NodePool",
  },
  interfaceEndpoint: {
    seconds: 60,
    from: "the end of what a gateway endpoint takes until an interface endpoint is available",
    source: "estimate: its network interfaces and private DNS zone are set up one after another",
  },
  operatorStart: {
    seconds: 25,
    from: "the first node registering until the operator's pod has applied its CRDs",
    source: "estimate: an image of 90 MB to pull; the CRDs took 7 to 12 s on two cores ",
  },
  podStart: {
    seconds: 10,
    from: "a pod on a node that is there already until it is ready",
    source: "estimate: a small image to pull",
  },
  calicoNodeStart: {
    seconds: 30,
    from: "the operator creating calico-node until the node is Ready",
    source: "estimate: two images to pull and an init container; without pulling it took 8 s ",
  },
} as const satisfies Readonly<Record<string, Milestone>>;
