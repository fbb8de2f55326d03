/**
 * IAM actions by what the program reads from AWS before anything is registered. Empty: AWS allows it to everyone, or the provider
 * needs no call. Sources: terraform-provider-aws, data sources of the same names; AWS, Service Authorization Reference.
 * Read 2026-11-21.
 */
export const lookupActions = {
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ["ec2:DescribeInstanceTypeOfferings"],
  "aws:ec2/getSubnet:getSubnet": ["ec2:DescribeSubnets"],
  "aws:ec2/getSubnets:getSubnets": ["ec2:DescribeSubnets"],
  "aws:ec2/getVpc:getVpc": ["ec2:DescribeRouteTables", "ec2:DescribeVpcAttribute", "ec2:DescribeVpcs"],
  "aws:eks/getAddonVersion:getAddonVersion": ["eks:DescribeAddonVersions"],
  "aws:index/getAvailabilityZones:getAvailabilityZones": ["ec2:DescribeAvailabilityZones"],
  "aws:index/getCallerIdentity:getCallerIdentity": [],
  "aws:index/getPartition:getPartition": [],
  "aws:ssm/getParameter:getParameter": ["ssm:GetParameter"],
} as const satisfies Record<string, readonly string[]>;
