import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleasedPool } from "./settings/settings.ts";
import { interruptionPattern, interruptionQueuePolicy } from "./specs/karpenter.ts";
import {
  karpenterNodes,
  nodeClassKind,
  nodeClassSpec,
  nodePoolKind,
  nodePoolSpec,
} from "./specs/karpenterNodes.ts";

export interface InterruptionQueueArgs {
  readonly tags: Readonly<Record<string, string>>;
}

/** Queue in which Karpenter reads that AWS will take instances away. */
export class InterruptionQueue extends pulumi.ComponentResource {
  readonly queueName: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;

  constructor(name: string, args: InterruptionQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:InterruptionQueue", name, {}, opts);
    const parent = { parent: this };
    const tags = { ...args.tags, Name: name };
    // A message is of no use once the instance is gone.
    const queue = new aws.sqs.Queue(
      name,
      { messageRetentionSeconds: 300, sqsManagedSseEnabled: true, tags },
      parent,
    );
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        description: "What takes instances away, for Karpenter",
        eventPattern: JSON.stringify(interruptionPattern),
        tags,
      },
      parent,
    );
    const policy = pulumi
      .all([queue.arn, rule.arn])
      .apply(([queueArn, ruleArn]) => interruptionQueuePolicy({ queueArn, ruleArn }));
    const allowed = new aws.sqs.QueuePolicy(name, { queueUrl: queue.url, policy }, parent);
    new aws.cloudwatch.EventTarget(
      name,
      { rule: rule.name, arn: queue.arn },
      { ...parent, dependsOn: allowed },
    );
    this.queueName = queue.name;
    this.queueArn = queue.arn;
    this.registerOutputs({ queueArn: this.queueArn });
  }
}

export interface KarpenterNodesArgs {
  /** Settings of the pools, by name. Plain: they decide which objects exist. */
  readonly pools: Readonly<Record<string, ReleasedPool>>;
  /** Name of the cluster, with which names of instances begin. */
  readonly clusterName: string;
  readonly instanceProfile: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** Karpenter itself and all that its nodes need: there before the first of its nodes, and until the last one is gone. */
  readonly after: pulumi.Resource[];
  readonly tags: Readonly<Record<string, string>>;
}

/** How long a deletion waits for the nodes: longer than a node drains. */
const deletionTimeout = "30m";

/**
 * A NodePool and an EC2NodeClass for each pool that may grow. Karpenter's nodes are no resources of the stack: a NodePool is
 * deleted once Karpenter has ended its nodes. A destroy must therefore delete these objects, not just the cluster.
 */
export class KarpenterNodes extends pulumi.ComponentResource {
  constructor(name: string, args: KarpenterNodesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:KarpenterNodes", name, {}, opts);
    const { after, clusterName, instanceProfile, pools, securityGroupId, subnetIds, tags } = args;
    const customTimeouts = { delete: deletionTimeout };
    for (const [key, pool] of Object.entries(pools)) {
      if (karpenterNodes(pool) === 0) continue;
      const nodeClass = new kubernetes.apiextensions.CustomResource(
        `${name}-class-${key}`,
        {
          ...nodeClassKind,
          metadata: { name: key },
          spec: nodeClassSpec<pulumi.Input<string>>({
            pool,
            instanceProfile,
            subnetIds,
            securityGroupIds: [securityGroupId, ...(pool.securityGroupIds ?? [])],
            tags: { ...tags, Name: `${clusterName}-${key}` },
          }),
        },
        { parent: this, dependsOn: after, customTimeouts },
      );
      new kubernetes.apiextensions.CustomResource(
        `${name}-pool-${key}`,
        { ...nodePoolKind, metadata: { name: key }, spec: nodePoolSpec(key, pool) },
        { parent: this, dependsOn: [...after, nodeClass], customTimeouts },
      );
    }
  }
}
