export interface FelixPolicyArgs {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** The only subnets on whose network interfaces the check may be turned off. */
  readonly nodeSubnetIds: readonly string[];
}

/**
 * IAM policy that lets Felix turn the source/destination check of the nodes' network interfaces off, and nothing else.
 * Without it calico-node never becomes Ready. Condition keys: Service Authorization Reference, Amazon EC2
 * (2026-05). The value's case is not documented, so that the comparison ignores it.
 */
export function felixPolicy({ partition, region, accountId, nodeSubnetIds }: FelixPolicyArgs) {
  const arn = (resource: string) => `arn:${partition}:ec2:${region}:${accountId}:${resource}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "FindOwnNetworkInterface",
        Effect: "Allow",
        Action: "ec2:DescribeInstances",
        Resource: "*",
      },
      {
        Sid: "TurnSourceDestinationCheckOff",
        Effect: "Allow",
        Action: "ec2:ModifyNetworkInterfaceAttribute",
        Resource: arn("network-interface/*"),
        Condition: {
          StringEqualsIgnoreCase: { "ec2:Attribute/SourceDestCheck": "false" },
          ArnEquals: { "ec2:Subnet": nodeSubnetIds.map((id) => arn(`subnet/${id}`)) },
        },
      },
    ],
  };
}
