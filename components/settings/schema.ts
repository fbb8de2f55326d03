import { z } from "zod";
import { addons, namespaceName, podIdentities } from "./addons.ts";
import { calico } from "./calico.ts";
import { cluster } from "./cluster.ts";
import {
  chartRepository,
  cidr,
  labelKey,
  labelValue,
  policyArn,
  registry,
  text,
  wholeNumber,
} from "./formats.ts";
import { nodeFirewall, nodePools } from "./nodePools.ts";

/** Settings under `account`. */
export const account = z
  .strictObject({
    id: text({
      fits: /^\d{12}$/,
      needs: "must be the twelve digits of an AWS account, in quotes",
      examples: ["111122223333", "444455556666"],
    })
      .optional()
      .describe(
        "Account that this stack belongs to, in quotes; credentials for any other account are refused.",
      ),
    roleArn: text({
      fits: /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
      needs: "must be the ARN of an IAM role",
      examples: [
        "arn:aws:iam::111122223333:role/deployer",
        "arn:aws:iam::444455556666:role/platform/deployer",
      ],
    })
      .optional()
      .describe(
        "Role that is assumed for everything, including the kubeconfig; unset: the credentials are used directly.",
      ),
    quotas: z
      .strictObject({
        nodeGroupsPerCluster: wholeNumber(30, 1000)
          .default(30)
          .describe("Managed node groups per cluster, L-6D54EA21 in Service Quotas."),
        nodesPerNodeGroup: wholeNumber(450, 1000)
          .default(450)
          .describe("Nodes per managed node group, L-BD136A63."),
      })
      .prefault({})
      .describe("Quotas that AWS has raised for the account."),
  })
  .describe("The AWS account.");

/** Settings of the account, complete. */
export type AccountSettings = Readonly<Omit<z.output<typeof account>, "quotas">>;

/** Settings under `iam`. */
const iam = z
  .strictObject({
    permissionsBoundary: policyArn(
      "arn:aws:iam::111122223333:policy/platform-boundary",
      "arn:aws:iam::111122223333:policy/teams/boundary",
    )
      .optional()
      .describe("ARN of the IAM policy that is the permissions boundary of every role in the stack."),
    nodePolicyArns: z
      .array(
        policyArn(
          "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
          "arn:aws:iam::111122223333:policy/node-logs",
        ),
      )
      .max(7)
      .default([])
      .describe(
        "Further managed policies of the nodes' role; IAM allows ten on a role, and three are this program's.",
      ),
  })
  .describe("The IAM roles that the stack creates.");

/** Settings under `networkPolicies`. */
const networkPolicies = z
  .strictObject({
    defaultDeny: z
      .array(namespaceName)
      .default([])
      .describe(
        "Namespaces in which pods reach only DNS and the API server, and are reached only by their node, until your policies allow more.",
      ),
    allowPodIdentity: z
      .boolean()
      .default(false)
      .describe("Pods in those namespaces also reach the agent that gives them AWS credentials."),
  })
  .describe("Starter network policies.");

const subnetId = text({
  fits: /^subnet-[0-9a-f]{8,17}$/,
  needs: "must be the ID of a subnet",
  examples: ["subnet-0a1b2c3d4e5f67890", "subnet-0f9e8d7c6b5a43210"],
});

const existing = z
  .strictObject({
    vpcId: text({
      fits: /^vpc-[0-9a-f]{8,17}$/,
      needs: "must be the ID of a VPC",
      examples: ["vpc-0a1b2c3d4e5f67890", "vpc-0f9e8d7c6b5a43210"],
    }).describe("VPC that holds all the subnets; DNS hostnames and DNS support must be on."),
    controlPlaneSubnetIds: z
      .array(subnetId)
      .min(2)
      .describe("Subnets for the control plane's network interfaces, in at least two zones."),
    nodeSubnetIds: z.array(subnetId).min(1).describe("Subnets for nodes. DSR needs exactly one."),
  })
  .describe("An existing network to use instead of a new one; excludes every other network setting.");

/** What `network.natGateway` said before several zones could have a gateway each. */
function fromBoolean(written: boolean): "Single" | "None" {
  return written ? "Single" : "None";
}

/** Settings under `network`. */
const network = z
  .strictObject({
    vpcCidr: cidr("10.40.0.0/16", "172.24.0.0/16")
      .default("10.40.0.0/16")
      .describe("CIDR block of the VPC; a prefix from /16 to /24."),
    nodeZones: z
      .array(
        text({
          fits: /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
          needs: "must be the name of an availability zone",
          examples: ["eu-west-1a", "us-east-1b"],
        }),
      )
      .min(1)
      .optional()
      .describe("Zones for nodes, one subnet each; unset: the first zone that offers every instance type."),
    nodePrefix: wholeNumber(16, 28).default(20).describe("Prefix length of each node subnet."),
    natGateway: z
      .literal(["PerZone", "Single", "None", true, false])
      .default("Single")
      .transform((written) => (typeof written === "boolean" ? fromBoolean(written) : written))
      .describe(
        "Outbound internet access for nodes: a NAT gateway in each node zone, or one for all. None: interface endpoints instead, and images from calico.registry only. true means Single, false None.",
      ),
    flowLogs: z.boolean().default(false).describe("Send VPC flow logs for all traffic to CloudWatch."),
    existing: existing.optional(),
  })
  .describe("The VPC and its subnets.");

/** Settings under `observability`. */
const observability = z
  .strictObject({
    prometheus: z
      .enum(["None", "Operator"])
      .default("None")
      .describe(
        "Operator: scrape objects and alert rules for a Prometheus operator that is already in the cluster.",
      ),
    labels: z
      .record(labelKey("release", "example.com/team"), labelValue("kube-prometheus-stack", "platform"))
      .default({})
      .describe("Labels of those objects, by which Prometheus selects them."),
    typhaMetricsPort: wholeNumber(1024, 65535)
      .nullable()
      .optional()
      .describe(
        "Port of Typha's metrics on its nodes; null: none. Unset: 9093 with prometheus: Operator, else none.",
      ),
    runbooks: text({
      fits: /^https?:\/\/\S+[^\s/]$/,
      needs: "must be a URL without a trailing slash",
      examples: [
        "https://git.example.com/platform/calico-ebpf-eks/blob/main/docs",
        "https://docs.example.com/calico-ebpf-eks",
      ],
    })
      .optional()
      .describe("URL of the docs folder, for links in alerts; unset: its path in this repository."),
    flows: z
      .boolean()
      .default(false)
      .describe("Goldmane, which collects the flows that Calico sees, and Whisker, which shows them."),
  })
  .describe("Metrics, alerts and flows.");

const storage = z
  .strictObject({
    ebs: z
      .boolean()
      .default(false)
      .describe("The EBS CSI add-on with its credentials, and an encrypted gp3 StorageClass as the default."),
  })
  .describe("Volumes for pods.");

/** Settings under `charts`. */
const charts = z
  .strictObject({
    repository: chartRepository("https://charts.example.com")
      .optional()
      .describe("Repository that mirrors the charts; unset: each chart's own."),
    registry: registry("111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public")
      .optional()
      .describe("Registry that mirrors the charts' images, under the same paths; unset: the charts' own."),
  })
  .describe("Helm charts that other settings install, except Calico's.");

const nodePorts = z
  .strictObject({
    clients: z
      .array(cidr("198.51.100.0/24", "10.0.0.0/8"))
      .optional()
      .describe("Who may reach NodePorts; unset: the VPC."),
  })
  .describe("Services of type NodePort.");

const tagKey = text({
  fits: /^(?![aA][wW][sS]:)[\p{L}\p{N} +\-=._:/@]{1,128}$/u,
  needs: "must be 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:",
  examples: ["environment", "team"],
});

const tagValue = text({
  fits: /^[\p{L}\p{N} +\-=._:/@]{0,256}$/u,
  needs: "must be up to 256 letters, digits, spaces and + - = . _ : / @",
  examples: ["prod", "dev"],
});

/** The settings of a stack, by key of the project's namespace, in the order in which problems are reported. */
export const settingsSchema = z.strictObject({
  account: account.prefault({}),
  network: network.prefault({}),
  cluster,
  nodePools: nodePools.prefault({ default: {} }),
  autoscaling: z
    .enum(["None", "ClusterAutoscaler", "Karpenter"])
    .default("None")
    .describe(
      "ClusterAutoscaler: changes each pool's size between min and max; desired then counts only when a pool is created. Karpenter: keeps desired, and starts further nodes of each pool up to max.",
    ),
  calico: calico.prefault({}),
  kubeProxy: z
    .enum(["Absent", "Parked", "Running"])
    .default("Absent")
    .describe("Absent: never installed. Parked: installed, on no node. Running: on every node."),
  nodePorts: nodePorts.prefault({}),
  nodeFirewall: nodeFirewall.prefault({}),
  iam: iam.prefault({}),
  networkPolicies: networkPolicies.prefault({}),
  observability: observability.prefault({}),
  loadBalancers: z
    .boolean()
    .default(false)
    .describe(
      "Subnets and tags for load balancers, and the AWS Load Balancer Controller, which creates them for Services and Ingresses.",
    ),
  storage: storage.prefault({}),
  metrics: z
    .boolean()
    .default(false)
    .describe(
      "metrics-server, for kubectl top and horizontal autoscaling, where the control plane reaches it.",
    ),
  charts: charts.prefault({}),
  addons,
  podIdentities,
  tags: z.record(tagKey, tagValue).default({}).describe("Tags for all resources that support them."),
});

/** A stack's settings as written. */
export type WrittenSettings = z.input<typeof settingsSchema>;

/** A stack's settings, complete and sound in form. */
export type StackSettings = z.output<typeof settingsSchema>;
