import { Buffer } from "node:buffer";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { taintEffects } from "./facts/nodeLabels.ts";
import type { ReleasedPool } from "./settings/settings.ts";
import { blockDevices } from "./specs/nodeGroup.ts";
import { nodeUserData } from "./specs/nodeUserData.ts";
import { poolAmi } from "./values/poolAmi.ts";

export interface NodePoolArgs {
  readonly clusterName: pulumi.Input<string>;
  readonly kubernetesVersion: string;
  /** Settings of the pool. Plain. */
  readonly pool: ReleasedPool;
  readonly roleArn: pulumi.Input<string>;
  readonly subnetIds: pulumi.Input<string>[];
  readonly securityGroupId: pulumi.Input<string>;
  /** Whether an autoscaler decides the number of nodes once the group exists. */
  readonly autoscaled: boolean;
  /** Must exist before the first node starts, and until the last one is gone. */
  readonly after: pulumi.Resource[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Managed node group with its launch template. It is ACTIVE once its nodes are Ready, which needs Calico, and holds a slot
 * of the engine until then: it comes after everything that Calico needs has been submitted.
 */
export class NodePool extends pulumi.ComponentResource {
  readonly nodeGroup: aws.eks.NodeGroup;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:NodePool", name, {}, opts);
    const { pool } = args;
    const parent = { parent: this };
    const tags = { ...args.tags, Name: name };

    const template = new aws.ec2.LaunchTemplate(
      name,
      {
        namePrefix: `${name}-`,
        // One hop: a pod's packet needs two, so pods never reach the node's credentials.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        blockDeviceMappings: blockDevices(pool),
        vpcSecurityGroupIds: [args.securityGroupId, ...(pool.securityGroupIds ?? [])],
        // A node group's tags are not copied to what it starts.
        tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
          resourceType,
          tags,
        })),
        userData: Buffer.from(nodeUserData(pool)).toString("base64"),
        updateDefaultVersion: true,
        tags,
      },
      parent,
    );
    this.nodeGroup = new aws.eks.NodeGroup(
      name,
      {
        clusterName: args.clusterName,
        nodeRoleArn: args.roleArn,
        subnetIds: args.subnetIds,
        amiType: poolAmi(pool).amiType,
        capacityType: pool.capacity,
        instanceTypes: [...pool.instanceTypes],
        scalingConfig: { minSize: pool.size.min, desiredSize: pool.size.desired, maxSize: pool.size.max },
        version: args.kubernetesVersion,
        releaseVersion: pool.amiRelease,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        labels: { ...pool.labels },
        taints: pool.taints.map(({ key, value, effect }) => ({
          key,
          ...(value === undefined ? {} : { value }),
          effect: taintEffects[effect],
        })),
        updateConfig: { maxUnavailablePercentage: 33 },
        nodeRepairConfig: { enabled: true },
        tags,
      },
      {
        parent: this,
        dependsOn: args.after,
        // Neither a difference to report nor one to undo.
        ...(args.autoscaled ? { ignoreChanges: ["scalingConfig.desiredSize"] } : {}),
      },
    );
    this.registerOutputs({ nodeGroupName: this.nodeGroup.nodeGroupName });
  }
}

export interface NodePoolsArgs extends Omit<NodePoolArgs, "pool"> {
  /** Settings of the pools, by name. */
  readonly pools: Readonly<Record<string, ReleasedPool>>;
}

/** All node pools of the cluster. */
export class NodePools extends pulumi.ComponentResource {
  /** The node groups: ACTIVE once their nodes are Ready. */
  readonly nodeGroups: pulumi.Resource[];

  constructor(name: string, args: NodePoolsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:NodePools", name, {}, opts);
    const { pools, ...shared } = args;
    this.nodeGroups = Object.entries(pools).map(
      ([key, pool]) => new NodePool(`${name}-${key}`, { ...shared, pool }, { parent: this }).nodeGroup,
    );
  }
}
