import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy } from "./specs/nodeGroup.ts";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Days to keep them. */
  readonly retentionDays: number;
  /** ARN of the IAM policy that bounds the role; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

const write = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"];

/** VPC flow logs to CloudWatch, for accepted and rejected traffic. */
export class FlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:FlowLogs", name, {}, opts);
    const { vpcId, retentionDays, permissionsBoundary } = args;
    const parent = { parent: this };
    const tags = { ...args.tags, Name: name };

    const group = new aws.cloudwatch.LogGroup(name, { retentionInDays: retentionDays, tags }, parent);
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: assumableBy("vpc-flow-logs"), permissionsBoundary, tags },
      parent,
    );
    const policy = new aws.iam.RolePolicy(
      name,
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: write, Resource: pulumi.interpolate`${group.arn}:*` }],
        }),
      },
      parent,
    );
    new aws.ec2.FlowLog(
      name,
      { vpcId, trafficType: "ALL", logDestination: group.arn, iamRoleArn: role.arn, tags },
      { parent: this, dependsOn: policy },
    );
  }
}
