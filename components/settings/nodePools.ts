import { z } from "zod";
import { webhookPorts } from "../facts/ports.ts";
import { labelKey, labelValue, securityGroupId, text, wholeNumber } from "./formats.ts";

const size = z
  .strictObject({
    min: wholeNumber(0, 1000).default(2).describe("Minimum number of nodes."),
    desired: wholeNumber(0, 1000)
      .default(2)
      .describe("Number of nodes at the start, and whenever this value changes."),
    max: wholeNumber(1, 1000)
      .default(4)
      .describe("Maximum number of nodes; the addresses must suffice for them."),
  })
  .describe("Number of nodes.");

const key = labelKey("example.com/team", "workload");
const value = labelValue("storage", "web");

const taint = z
  .strictObject({
    key: key.describe("Key, in the format of a label key."),
    value: value.optional().describe("Value, in the format of a label value."),
    effect: z
      .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
      .describe("Effect on pods that do not tolerate it."),
  })
  .describe("A taint.");

/** Settings of one node pool. */
const nodePool = z.strictObject({
  family: z.enum(["AL2023", "Bottlerocket"]).default("AL2023").describe("Operating system of the nodes."),
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64").describe("CPU architecture of the nodes."),
  instanceTypes: z
    .array(
      text({
        fits: /^[a-z0-9-]+\.[a-z0-9-]+$/,
        needs: "must be the name of an EC2 instance type",
        examples: ["m7i.large", "m7g.large"],
      }),
    )
    .min(1)
    .max(20)
    .optional()
    .describe("EC2 instance types, in order of preference; unset: m7i.large, or m7g.large on arm64."),
  capacity: z.enum(["ON_DEMAND", "SPOT"]).default("ON_DEMAND").describe("Purchase option of the instances."),
  size: size.prefault({}),
  release: text({
    fits: /^\S+$/,
    needs: "must be latest or an AMI release",
    examples: ["latest", "1.35.6-20260714", "1.65.0-0be31b34"],
  })
    .default("latest")
    .describe(
      "AMI release, pinned such as 1.35.6-20260714; latest: looked up at every run, so a run may roll nodes.",
    ),
  maxPods: wholeNumber(4, 250).default(110).describe("Maximum number of pods on a node."),
  diskGib: wholeNumber(20, 16384).default(20).describe("Size of the encrypted gp3 volume, in GiB."),
  labels: z.record(key, value).default({}).describe("Node labels."),
  taints: z.array(taint).max(50).default([]).describe("Node taints."),
  securityGroupIds: z
    .array(securityGroupId)
    .max(4)
    .optional()
    .describe(
      "Further security groups of the nodes, in their VPC; EC2 allows five on an interface, and one is this program's.",
    ),
  userData: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      "Further configuration of the nodes, in YAML. AL2023: the spec of a NodeConfig for nodeadm; Bottlerocket: its settings.",
    ),
});

const poolName = text({
  fits: /^[a-z][a-z0-9-]{0,19}$/,
  needs: "must be 1 to 20 lower-case letters, digits and hyphens, beginning with a letter",
  examples: ["general", "arm"],
});

/** Settings under `nodePools`. */
export const nodePools = z
  .record(poolName, nodePool)
  .describe("Managed node groups, by name. Setting any replaces the default pool.");

const known = Object.keys(webhookPorts) as [keyof typeof webhookPorts, ...(keyof typeof webhookPorts)[]];

const fromControlPlane = z
  .strictObject({
    for: z.enum(known).optional().describe("A common webhook or API whose ports are known."),
    port: wholeNumber(1, 65535).optional().describe("Any other TCP port, with a reason."),
    reason: text({
      fits: /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/,
      needs: "EC2 accepts 1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
      examples: ["API server to the webhook of orders", "API server to the policy webhook"],
    })
      .optional()
      .describe("What listens there; the description of the rule."),
  })
  .describe("What the control plane may reach: either for, or port and reason.");

/** Settings under `nodeFirewall`. */
export const nodeFirewall = z
  .strictObject({
    fromControlPlane: z
      .array(fromControlPlane)
      .default([])
      .describe(
        "Ports of webhooks and aggregated APIs on the host network, each `{ for: cert-manager }` or `{ port: 9444, reason: … }`; the control plane reaches nodes, and never pods on the pod network.",
      ),
  })
  .describe("The security group of the nodes.");
