import { Buffer } from "node:buffer";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nodePolicies, taintEffects } from "./facts/nodes.ts";
import type { ReleasedPool } from "./settings/settings.ts";
import { assumableBy, blockDevices, felixPolicy, nodeUserData, surgeShare } from "./specs/nodeGroup.ts";
import { poolAmi } from "./values/poolAmi.ts";

export interface NodeRoleArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Subnets of the nodes: only there may the source/destination check be turned off. */
  readonly nodeSubnetIds: pulumi.Input<string>[];
  /** ARN of the IAM policy that bounds the role; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  /** ARNs of further managed policies. */
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** IAM role of the nodes. */
export class NodeRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  /** What has to be attached before the first node starts, and until the last one is gone. */
  readonly policies: pulumi.Resource[];

  constructor(name: string, args: NodeRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:NodeRole", name, {}, opts);
    const { partition, region, accountId, nodeSubnetIds, permissionsBoundary, tags } = args;
    const parent = { parent: this };

    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: assumableBy("ec2"), permissionsBoundary, tags: { ...tags } },
      parent,
    );
    const policyArns = [
      ...nodePolicies.map((policy) => `arn:${partition}:iam::aws:policy/${policy}`),
      ...args.policyArns,
    ];
    const attachments = policyArns.map(
      (policyArn) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${attachmentName(policyArn)}`,
          { role: role.name, policyArn },
          parent,
        ),
    );
    const policy = pulumi
      .all(nodeSubnetIds)
      .apply((ids) => JSON.stringify(felixPolicy({ partition, region, accountId, nodeSubnetIds: ids })));
    const felix = new aws.iam.RolePolicy(`${name}-felix`, { role: role.name, policy }, parent);

    this.roleArn = role.arn;
    this.roleName = role.name;
    this.policies = [...attachments, felix];
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** Name and path of a policy; one of AWS's and one of the account's may be alike. */
function attachmentName(policyArn: string): string {
  const [owner = "", path = ""] = policyArn.split(":policy/");
  return `${owner.endsWith(":aws") ? "" : "own-"}${path.replaceAll("/", "-")}`;
}

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
        updateConfig: { maxUnavailablePercentage: Math.floor(100 / surgeShare) },
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
