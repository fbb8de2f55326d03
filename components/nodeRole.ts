import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy, felixPolicy } from "./specs/nodeGroup.ts";

export interface NodeRoleArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Subnets of the nodes: only there may the source/destination check be turned off. */
  readonly nodeSubnetIds: pulumi.Input<string>[];
  /** ARN of the IAM policy that bounds the role; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What a node needs: to join, to pull images, and to be reached through Session Manager. AmazonEKS_CNI_Policy is not
 * among them: there is no VPC CNI, and it would let every host process rewire any network interface.
 */
const managedPolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
] as const;

/** IAM role of the nodes. */
export class NodeRole extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
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
    const attachments = managedPolicies.map(
      (policy) =>
        new aws.iam.RolePolicyAttachment(
          `${name}-${policy}`,
          { role: role.name, policyArn: `arn:${partition}:iam::aws:policy/${policy}` },
          parent,
        ),
    );
    const policy = pulumi
      .all(nodeSubnetIds)
      .apply((ids) => JSON.stringify(felixPolicy({ partition, region, accountId, nodeSubnetIds: ids })));
    const felix = new aws.iam.RolePolicy(`${name}-felix`, { role: role.name, policy }, parent);

    this.roleArn = role.arn;
    this.policies = [...attachments, felix];
    this.registerOutputs({ roleArn: this.roleArn });
  }
}
