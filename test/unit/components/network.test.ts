import { describe, expect, it } from "vitest";
import type { NetworkArgs } from "../../../components/network.ts";
import { before, dependenciesOf, find, registered, topLevel, untagged } from "../../support/graph.ts";
import { networkArgs, recordNetwork } from "../../support/networkArgs.ts";
import { labels, resolved } from "../../support/outputs.ts";

const endpointServices = ["ec2", "ecr.api", "ecr.dkr", "sts", "eks", "ssm", "ssmmessages"];
const base = { ...networkArgs, endpointServices };
const network = (changes: Partial<NetworkArgs> = {}) => recordNetwork({ endpointServices, ...changes });

const core = [
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup dev",
  "aws:ec2/routeTable:RouteTable dev-node",
  "aws:ec2/routeTableAssociation:RouteTableAssociation dev-node-eu-west-1a",
  "aws:ec2/subnet:Subnet dev-control-plane-eu-west-1a",
  "aws:ec2/subnet:Subnet dev-control-plane-eu-west-1b",
  "aws:ec2/subnet:Subnet dev-node-eu-west-1a",
  "aws:ec2/vpc:Vpc dev",
  "aws:ec2/vpcEndpoint:VpcEndpoint dev-s3",
  "calico-ebpf-eks:index:Network dev",
];
const nat = [
  "aws:ec2/eip:Eip dev",
  "aws:ec2/internetGateway:InternetGateway dev",
  "aws:ec2/natGateway:NatGateway dev",
  "aws:ec2/route:Route dev-node",
  "aws:ec2/route:Route dev-public",
  "aws:ec2/routeTable:RouteTable dev-public",
  "aws:ec2/routeTableAssociation:RouteTableAssociation dev-public",
  "aws:ec2/subnet:Subnet dev-public-eu-west-1a",
  "calico-ebpf-eks:index:InternetAccess dev",
];

const { resources, result } = await network();
const inputs = (type: string, name?: string) => find(resources, type, name).inputs;

describe("Network", () => {
  it("registers a VPC, its subnets and a NAT gateway, and nothing else", () => {
    expect(registered(resources)).toEqual([...core, ...nat].toSorted());
  });

  it("is the parent of everything, and tags all of it", () => {
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:Network dev"]);
    expect(untagged(resources, networkArgs.tags)).toEqual([]);
  });

  it("gives the VPC the names that the private endpoint needs", () => {
    expect(inputs("aws:ec2/vpc:Vpc")).toEqual({
      cidrBlock: "10.40.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { team: "net", Name: "dev-vpc" },
    });
  });

  it("closes the VPC's default security group", () => {
    expect(inputs("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")).toEqual({
      vpcId: "dev-id",
      tags: { team: "net", Name: "dev-closed" },
    });
  });

  it.each([
    ["dev-control-plane-eu-west-1a", "eu-west-1a", "10.40.255.240/28"],
    ["dev-control-plane-eu-west-1b", "eu-west-1b", "10.40.255.224/28"],
    ["dev-node-eu-west-1a", "eu-west-1a", "10.40.0.0/20"],
    ["dev-public-eu-west-1a", "eu-west-1a", "10.40.255.208/28"],
  ])("puts subnet %s in %s with %s, and gives nothing in it a public address", (name, zone, cidr) => {
    expect(inputs("aws:ec2/subnet:Subnet", name)).toEqual({
      vpcId: "dev-id",
      availabilityZone: zone,
      cidrBlock: cidr,
      tags: { team: "net", Name: name },
    });
  });

  it("reaches S3 inside AWS, for the nodes' route table", () => {
    expect(inputs("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual({
      vpcId: "dev-id",
      serviceName: "com.amazonaws.eu-west-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: ["dev-node-id"],
      tags: { team: "net", Name: "dev-s3" },
    });
  });

  it("routes the nodes through the NAT gateway, and only the gateway's subnet straight out", () => {
    expect(inputs("aws:ec2/route:Route", "dev-node")).toEqual({
      routeTableId: "dev-node-id",
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "dev-id",
    });
    expect(inputs("aws:ec2/route:Route", "dev-public")).toEqual({
      routeTableId: "dev-public-id",
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: "dev-id",
    });
    expect(inputs("aws:ec2/routeTableAssociation:RouteTableAssociation", "dev-node-eu-west-1a")).toEqual({
      subnetId: "dev-node-eu-west-1a-id",
      routeTableId: "dev-node-id",
    });
    expect(inputs("aws:ec2/routeTableAssociation:RouteTableAssociation", "dev-public")).toEqual({
      subnetId: "dev-public-eu-west-1a-id",
      routeTableId: "dev-public-id",
    });
  });

  it("puts the NAT gateway in the public subnet, with its own address", () => {
    expect(inputs("aws:ec2/natGateway:NatGateway")).toEqual({
      allocationId: "dev-allocation",
      subnetId: "dev-public-eu-west-1a-id",
      tags: { team: "net", Name: "dev-nat" },
    });
    expect(inputs("aws:ec2/eip:Eip")).toEqual({ domain: "vpc", tags: { team: "net", Name: "dev-nat" } });
  });

  it("starts the NAT gateway once its own way out is there", () => {
    const direct = dependenciesOf(resources, find(resources, "aws:ec2/natGateway:NatGateway"));

    expect(direct).toContain("aws:ec2/route:Route dev-public");
    expect(direct).toContain("aws:ec2/routeTableAssociation:RouteTableAssociation dev-public");
    expect(dependenciesOf(resources, find(resources, "aws:ec2/eip:Eip"))).toEqual([
      "aws:ec2/internetGateway:InternetGateway dev",
    ]);
  });

  it("names as the way out what a node needs to fetch an image", async () => {
    expect(await labels(result.wayOut)).toEqual([
      "aws:ec2/route:Route dev-node",
      "aws:ec2/routeTableAssociation:RouteTableAssociation dev-node-eu-west-1a",
      "aws:ec2/vpcEndpoint:VpcEndpoint dev-s3",
    ]);
  });

  it("hands out the VPC and the subnets by kind", async () => {
    expect(await resolved(result.vpcId)).toBe("dev-id");
    expect(await resolved(result.nodeSubnetIds)).toEqual(["dev-node-eu-west-1a-id"]);
    expect(await resolved(result.controlPlaneSubnetIds)).toEqual([
      "dev-control-plane-eu-west-1a-id",
      "dev-control-plane-eu-west-1b-id",
    ]);
  });

  it("adds a subnet and its association for a second node zone, and changes nothing else", async () => {
    const second = { zone: "eu-west-1b", cidr: "10.40.16.0/20" };
    const nodeSubnets = [...base.subnets.nodeSubnets, second];
    const two = await network({ subnets: { ...base.subnets, nodeSubnets } });

    expect(registered(two.resources).filter((one) => !registered(resources).includes(one))).toEqual([
      "aws:ec2/routeTableAssociation:RouteTableAssociation dev-node-eu-west-1b",
      "aws:ec2/subnet:Subnet dev-node-eu-west-1b",
    ]);
    expect(two.resources).toHaveLength(resources.length + 2);
  });
});

const closed = { subnets: { ...base.subnets, natSubnets: [] } };
const services = ["ec2", "ecr.api", "ecr.dkr", "eks", "ssm", "ssmmessages", "sts"];

describe("Network without a NAT gateway", () => {
  it("registers an interface endpoint for each AWS service that nodes need, and no way to the internet", async () => {
    const { resources: found } = await network(closed);

    expect(registered(found)).toEqual(
      [
        ...core,
        "aws:ec2/securityGroup:SecurityGroup dev-endpoints",
        ...services.map((service) => `aws:ec2/vpcEndpoint:VpcEndpoint dev-endpoints-${service}`),
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-endpoints",
        "calico-ebpf-eks:index:ServiceEndpoints dev-endpoints",
      ].toSorted(),
    );
    expect(topLevel(found)).toEqual(["calico-ebpf-eks:index:Network dev"]);
    expect(untagged(found, networkArgs.tags)).toEqual([]);
  });

  it("lets only the VPC reach the endpoints, by their usual names", async () => {
    const { resources: found } = await network(closed);

    expect(find(found, "aws:ec2/vpcEndpoint:VpcEndpoint", "dev-endpoints-ecr.dkr").inputs).toEqual({
      vpcId: "dev-id",
      serviceName: "com.amazonaws.eu-west-1.ecr.dkr",
      vpcEndpointType: "Interface",
      subnetIds: ["dev-node-eu-west-1a-id"],
      securityGroupIds: ["dev-endpoints-id"],
      privateDnsEnabled: true,
      tags: { team: "net", Name: "dev-endpoints-ecr.dkr" },
    });
    expect(find(found, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs).toEqual({
      securityGroupId: "dev-endpoints-id",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "10.40.0.0/16",
      description: "AWS APIs, from within the VPC",
      tags: { team: "net", Name: "dev-endpoints" },
    });
    expect(find(found, "aws:ec2/securityGroup:SecurityGroup").inputs).toEqual({
      vpcId: "dev-id",
      description: "Interface endpoints of AWS services",
      tags: { team: "net", Name: "dev-endpoints" },
    });
  });

  it("names all endpoints and their rule as the way out", async () => {
    const { result: made } = await network(closed);

    expect(await labels(made.wayOut)).toEqual([
      "aws:ec2/routeTableAssociation:RouteTableAssociation dev-node-eu-west-1a",
      ...services.map((service) => `aws:ec2/vpcEndpoint:VpcEndpoint dev-endpoints-${service}`),
      "aws:ec2/vpcEndpoint:VpcEndpoint dev-s3",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule dev-endpoints",
    ]);
  });
});

describe("Network with flow logs", () => {
  it("adds a flow log with its role and log group", async () => {
    const { resources: found } = await network({ flowLogs: true });

    expect(registered(found)).toEqual(
      [
        ...core,
        ...nat,
        "aws:cloudwatch/logGroup:LogGroup dev-flow-logs",
        "aws:ec2/flowLog:FlowLog dev-flow-logs",
        "aws:iam/role:Role dev-flow-logs",
        "aws:iam/rolePolicy:RolePolicy dev-flow-logs",
        "calico-ebpf-eks:index:FlowLogs dev-flow-logs",
      ].toSorted(),
    );
    expect(topLevel(found)).toEqual(["calico-ebpf-eks:index:Network dev"]);
    expect(untagged(found, networkArgs.tags)).toEqual([]);
  });

  it("logs all traffic to a group that it may write to, and that forgets", async () => {
    const { resources: found } = await network({ flowLogs: true, logRetentionDays: 30 });
    const flowLog = find(found, "aws:ec2/flowLog:FlowLog");

    expect(flowLog.inputs).toEqual({
      vpcId: "dev-id",
      trafficType: "ALL",
      logDestination: "arn:aws:test:::dev-flow-logs",
      iamRoleArn: "arn:aws:iam::111122223333:role/dev-flow-logs",
      tags: { team: "net", Name: "dev-flow-logs" },
    });
    expect(find(found, "aws:cloudwatch/logGroup:LogGroup").inputs["retentionInDays"]).toBe(30);
    expect(JSON.parse(String(find(found, "aws:iam/rolePolicy:RolePolicy").inputs["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: "arn:aws:test:::dev-flow-logs:*",
        },
      ],
    });
    expect(JSON.parse(String(find(found, "aws:iam/role:Role").inputs["assumeRolePolicy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
    expect(before(found, flowLog)).toContain("aws:iam/rolePolicy:RolePolicy dev-flow-logs");
  });
});
