import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nodePolicies } from "./facts/nodePolicies.ts";
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
