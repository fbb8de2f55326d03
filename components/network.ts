import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { privateEndpoints } from "./facts/privateEndpoints.ts";
import { assumableBy } from "./rules/assumableBy.ts";
import type { PlannedSubnets } from "./rules/subnets.ts";

export interface NetworkArgs {
  /** AWS region, part of the endpoints' service names. */
  readonly region: string;
  /** Addresses of the VPC. */
  readonly vpcCidr: string;
  /** Zone and addresses of every subnet. Plain: it decides which resources exist. */
  readonly subnets: PlannedSubnets;
  /** A NAT gateway as the nodes' way out; false: interface endpoints to the AWS services that nodes need. */
  readonly natGateway: boolean;
  /** VPC flow logs to CloudWatch. */
  readonly flowLogs: boolean;
  /** Days to keep flow logs. */
  readonly logRetentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * VPC with two small subnets for the control plane, one subnet per node zone, and a way out. Costs a month: NAT gateway
 * about 33 USD; interface endpoints about 7 USD each (facts/prices.ts).
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly controlPlaneSubnetIds: pulumi.Output<string>[];
  readonly nodeSubnetIds: pulumi.Output<string>[];
  /** What has to be there before a node can fetch an image. */
  readonly wayOut: pulumi.Resource[];

  readonly #name: string;
  readonly #args: NetworkArgs;
  readonly #vpc: aws.ec2.Vpc;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Network", name, {}, opts);
    this.#name = name;
    this.#args = args;

    this.#vpc = new aws.ec2.Vpc(
      name,
      // The private endpoint's name resolves through the VPC's own resolver only.
      { cidrBlock: args.vpcCidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.#tags("") },
      { parent: this },
    );
    new aws.ec2.DefaultSecurityGroup(
      name,
      { vpcId: this.#vpc.id, tags: this.#tags("closed") },
      { parent: this },
    );
    const controlPlane = this.#subnets("control-plane", args.subnets.controlPlaneSubnets);
    const nodes = this.#subnets("node", args.subnets.nodeSubnets);
    const wayOut = args.natGateway ? this.#natGateway(nodes) : this.#endpoints(nodes);
    if (args.flowLogs) this.#flowLogs();

    this.vpcId = this.#vpc.id;
    this.controlPlaneSubnetIds = controlPlane.map(({ id }) => id);
    this.nodeSubnetIds = nodes.map(({ id }) => id);
    this.wayOut = wayOut;
    this.registerOutputs({
      vpcId: this.vpcId,
      controlPlaneSubnetIds: this.controlPlaneSubnetIds,
      nodeSubnetIds: this.nodeSubnetIds,
    });
  }

  #tags(suffix: string): Record<string, string> {
    return { ...this.#args.tags, Name: suffix === "" ? this.#name : `${this.#name}-${suffix}` };
  }

  #subnets(kind: string, planned: PlannedSubnets["nodeSubnets"]): aws.ec2.Subnet[] {
    return planned.map(
      ({ zone, cidr }) =>
        new aws.ec2.Subnet(
          `${this.#name}-${kind}-${zone}`,
          {
            vpcId: this.#vpc.id,
            availabilityZone: zone,
            cidrBlock: cidr,
            tags: this.#tags(`${kind}-${zone}`),
          },
          { parent: this },
        ),
    );
  }

  /** A private route table for the nodes, with the free gateway endpoint to S3, where image layers come from. */
  #nodeRouteTable(nodes: readonly aws.ec2.Subnet[]): { table: aws.ec2.RouteTable; ready: pulumi.Resource[] } {
    const name = `${this.#name}-node`;
    const vpcId = this.#vpc.id;
    const table = new aws.ec2.RouteTable(name, { vpcId, tags: this.#tags("node") }, { parent: this });
    const zones = this.#args.subnets.nodeSubnets.map(({ zone }) => zone);
    const associations = nodes.map(
      ({ id: subnetId }, index) =>
        new aws.ec2.RouteTableAssociation(
          `${name}-${zones[index]}`,
          { subnetId, routeTableId: table.id },
          { parent: this },
        ),
    );
    const s3 = new aws.ec2.VpcEndpoint(
      `${this.#name}-s3`,
      {
        vpcId,
        serviceName: `com.amazonaws.${this.#args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [table.id],
        tags: this.#tags("s3"),
      },
      { parent: this },
    );
    return { table, ready: [...associations, s3] };
  }

  #natGateway(nodes: readonly aws.ec2.Subnet[]): pulumi.Resource[] {
    const name = this.#name;
    const parent = { parent: this };
    const vpcId = this.#vpc.id;
    const everywhere = "0.0.0.0/0";

    const internet = new aws.ec2.InternetGateway(name, { vpcId, tags: this.#tags("") }, parent);
    const [subnet] = this.#subnets("public", [this.#args.subnets.publicSubnet]);
    const publicTable = new aws.ec2.RouteTable(
      `${name}-public`,
      { vpcId, tags: this.#tags("public") },
      parent,
    );
    const toInternet = new aws.ec2.Route(
      `${name}-public`,
      { routeTableId: publicTable.id, destinationCidrBlock: everywhere, gatewayId: internet.id },
      parent,
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${name}-public`,
      { subnetId: subnet?.id, routeTableId: publicTable.id },
      parent,
    );
    const address = new aws.ec2.Eip(
      `${name}-nat`,
      { domain: "vpc", tags: this.#tags("nat") },
      { parent: this, dependsOn: internet },
    );
    const nat = new aws.ec2.NatGateway(
      `${name}-nat`,
      { allocationId: address.allocationId, subnetId: subnet?.id ?? "", tags: this.#tags("nat") },
      { parent: this, dependsOn: [toInternet, association] },
    );
    const { table, ready } = this.#nodeRouteTable(nodes);
    const out = new aws.ec2.Route(
      `${name}-node`,
      { routeTableId: table.id, destinationCidrBlock: everywhere, natGatewayId: nat.id },
      parent,
    );
    return [...ready, out];
  }

  #endpoints(nodes: readonly aws.ec2.Subnet[]): pulumi.Resource[] {
    const { ready } = this.#nodeRouteTable(nodes);
    const { vpcCidr, region } = this.#args;
    const name = `${this.#name}-endpoints`;
    const group = new aws.ec2.SecurityGroup(
      name,
      {
        vpcId: this.#vpc.id,
        description: "Interface endpoints of AWS services",
        tags: this.#tags("endpoints"),
      },
      { parent: this },
    );
    const rule = new aws.vpc.SecurityGroupIngressRule(
      name,
      {
        securityGroupId: group.id,
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: vpcCidr,
        description: "AWS APIs, from within the VPC",
        tags: this.#tags("endpoints"),
      },
      { parent: this },
    );
    const endpoints = Object.keys(privateEndpoints).map(
      (service) =>
        new aws.ec2.VpcEndpoint(
          `${this.#name}-${service}`,
          {
            vpcId: this.#vpc.id,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            subnetIds: nodes.map(({ id }) => id),
            securityGroupIds: [group.id],
            privateDnsEnabled: true,
            tags: this.#tags(service),
          },
          { parent: this },
        ),
    );
    return [...ready, rule, ...endpoints];
  }

  #flowLogs(): void {
    const name = `${this.#name}-flow-logs`;
    const tags = this.#tags("flow-logs");
    const parent = { parent: this };
    const group = new aws.cloudwatch.LogGroup(
      name,
      { retentionInDays: this.#args.logRetentionDays, tags },
      parent,
    );
    const role = new aws.iam.Role(name, { assumeRolePolicy: assumableBy("vpc-flow-logs"), tags }, parent);
    const write = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"];
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
      { vpcId: this.#vpc.id, trafficType: "ALL", logDestination: group.arn, iamRoleArn: role.arn, tags },
      { parent: this, dependsOn: policy },
    );
  }
}
