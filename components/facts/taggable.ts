/**
 * Whether AWS can tag a resource of a type, for those that this program registers. Source: the provider's schema, where
 * only what can be tagged has `tags` (@pulumi/aws 7.48, read 2026-11-21). The component `eks:index:Cluster` hands its tags on.
 */
export const taggable = {
  "aws:cloudwatch/logGroup:LogGroup": true,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": true,
  "aws:ec2/eip:Eip": true,
  "aws:ec2/flowLog:FlowLog": true,
  "aws:ec2/internetGateway:InternetGateway": true,
  "aws:ec2/launchTemplate:LaunchTemplate": true,
  "aws:ec2/natGateway:NatGateway": true,
  "aws:ec2/route:Route": false,
  "aws:ec2/routeTable:RouteTable": true,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": false,
  "aws:ec2/securityGroup:SecurityGroup": true,
  "aws:ec2/subnet:Subnet": true,
  "aws:ec2/vpc:Vpc": true,
  "aws:ec2/vpcEndpoint:VpcEndpoint": true,
  "aws:eks/accessEntry:AccessEntry": true,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": false,
  "aws:eks/addon:Addon": true,
  "aws:eks/cluster:Cluster": true,
  "aws:eks/nodeGroup:NodeGroup": true,
  "aws:iam/role:Role": true,
  "aws:iam/rolePolicy:RolePolicy": false,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": false,
  "aws:kms/alias:Alias": false,
  "aws:kms/key:Key": true,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": true,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": true,
} as const satisfies Record<string, boolean>;
