import { expect, it } from "vitest";
import { felixPolicy } from "../../../../components/specs/nodeGroup.ts";

it.each([
  {
    where: { partition: "aws", region: "eu-west-1", accountId: "111122223333" },
    resource: "arn:aws:ec2:eu-west-1:111122223333:network-interface/*",
    subnet: "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1",
  },
  {
    where: { partition: "aws-us-gov", region: "us-gov-west-1", accountId: "444455556666" },
    resource: "arn:aws-us-gov:ec2:us-gov-west-1:444455556666:network-interface/*",
    subnet: "arn:aws-us-gov:ec2:us-gov-west-1:444455556666:subnet/subnet-1",
  },
])("lets Felix turn the check off in $subnet and nowhere else", ({ where, resource, subnet }) => {
  expect(felixPolicy({ ...where, nodeSubnetIds: ["subnet-1"] })).toEqual({
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
        Resource: resource,
        Condition: {
          StringEqualsIgnoreCase: { "ec2:Attribute/SourceDestCheck": "false" },
          ArnEquals: { "ec2:Subnet": [subnet] },
        },
      },
    ],
  });
});
