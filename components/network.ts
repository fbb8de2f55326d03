import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InternetAccess, ServiceEndpoints } from "./internetAccess.ts";
import { subnetRole } from "./specs/charts.ts";
import { assumableBy } from "./specs/nodeGroup.ts";
import type { PlannedSubnet, PlannedSubnets } from "./specs/subnets.ts";

export interface NetworkArgs {
  /** AWS region, part of the endpoints' service names. */
  readonly region: string;
  /** Addresses of the VPC. */
  readonly vpcCidr: string;
  /**
   * Zone and addresses of every subnet. Plain: it decides which resources exist. Without a subnet for a NAT gateway, nodes
   * get interface endpoints to the AWS services that they need.
   */
  readonly subnets: PlannedSubnets;
  /** Those services, by the last parts of their names. */
  readonly endpointServices: readonly string[];
  /** VPC flow logs to CloudWatch. */
  readonly flowLogs: boolean;
  /** Days to keep flow logs. */
  readonly logRetentionDays: number;
  /** ARN of the IAM policy that bounds the flow logs' role; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** VPC with two small subnets for the control plane, one subnet per node zone, and outbound access. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Every range of the VPC. */
  readonly vpcCidrs: readonly string[];
  readonly controlPlaneSubnetIds: pulumi.Output<string>[];
  /** Blocks of the control-plane subnets. */
  readonly controlPlaneCidrs: readonly string[];
  readonly nodeSubnetIds: pulumi.Output<string>[];
  /** Subnets with a route to the internet: of NAT gateways, then of load balancers; of an existing network, the latter. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** Public addresses from which nodes reach the internet. */
  readonly natAddresses: pulumi.Output<string>[];
  /** Must exist before a node can pull an image. */
  readonly wayOut: pulumi.Resource[];

  readonly #name: string;
  readonly #args: NetworkArgs;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:Network", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const { id: vpcId } = new aws.ec2.Vpc(
      name,
      // The private endpoint's name resolves through the VPC's own resolver only.
      { cidrBlock: args.vpcCidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.#tags("vpc") },
      { parent: this },
    );
    // Adopted only to close it: it applies to everything that is started without a security group.
    new aws.ec2.DefaultSecurityGroup(name, { vpcId, tags: this.#tags("closed") }, { parent: this });
    this.vpcId = vpcId;
    this.vpcCidrs = [args.vpcCidr];
    this.controlPlaneCidrs = args.subnets.controlPlaneSubnets.map(({ cidr }) => cidr);
    this.controlPlaneSubnetIds = this.#subnets(vpcId, "control-plane", args.subnets.controlPlaneSubnets);
    const internal = args.subnets.loadBalancerSubnets.length > 0 ? { [subnetRole.internal]: "1" } : {};
    this.nodeSubnetIds = this.#subnets(vpcId, "node", args.subnets.nodeSubnets, internal);
    const tables = this.#nodeRouteTables();
    const internet = args.subnets.natSubnets.length > 0 ? this.#internetAccess(tables) : undefined;
    this.publicSubnetIds = internet?.publicSubnetIds ?? [];
    this.natAddresses = internet?.natAddresses ?? [];
    const out = internet?.routes ?? this.#endpoints();
    this.wayOut = [...this.#nodeRoutes(tables, out), ...out];
    if (args.flowLogs) this.#flowLogs();
    this.registerOutputs({
      vpcId,
      controlPlaneSubnetIds: this.controlPlaneSubnetIds,
      nodeSubnetIds: this.nodeSubnetIds,
    });
  }

  #tags(suffix: string): Record<string, string> {
    return { ...this.#args.tags, Name: `${this.#name}-${suffix}` };
  }

  #subnets(
    vpcId: pulumi.Output<string>,
    kind: string,
    planned: readonly PlannedSubnet[],
    roles: Readonly<Record<string, string>> = {},
  ): pulumi.Output<string>[] {
    return planned.map(
      ({ zone, cidr }) =>
        new aws.ec2.Subnet(
          `${this.#name}-${kind}-${zone}`,
          {
            vpcId,
            availabilityZone: zone,
            cidrBlock: cidr,
            tags: { ...this.#tags(`${kind}-${zone}`), ...roles },
          },
          { parent: this },
        ).id,
    );
  }

  /** The nodes' route tables: one for each NAT gateway, the first of them also for zones without one. */
  #nodeRouteTables(): aws.ec2.RouteTable[] {
    const [, ...further] = this.#args.subnets.natSubnets;
    const suffixes = ["node", ...further.map(({ zone }) => `node-${zone}`)];
    return suffixes.map(
      (suffix) =>
        new aws.ec2.RouteTable(
          `${this.#name}-${suffix}`,
          { vpcId: this.vpcId, tags: this.#tags(suffix) },
          { parent: this },
        ),
    );
  }

  /** Which table a node subnet has, and the free gateway endpoint to S3, where image layers come from. */
  #nodeRoutes(tables: readonly aws.ec2.RouteTable[], out: pulumi.Resource[]): pulumi.Resource[] {
    const { region, subnets } = this.#args;
    const associations = this.nodeSubnetIds.flatMap((subnetId, index) => {
      const table = tables[index] ?? tables[0];
      if (table === undefined) return [];
      return new aws.ec2.RouteTableAssociation(
        `${this.#name}-node-${subnets.nodeSubnets[index]?.zone}`,
        { subnetId, routeTableId: table.id },
        // A zone that changes its table must find the way out in the new one.
        { parent: this, ...(table === tables[0] ? {} : { dependsOn: out }) },
      );
    });
    const s3 = new aws.ec2.VpcEndpoint(
      `${this.#name}-s3`,
      {
        vpcId: this.vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: tables.map(({ id }) => id),
        tags: this.#tags("s3"),
      },
      { parent: this },
    );
    return [...associations, s3];
  }

  #internetAccess(nodeRouteTables: readonly aws.ec2.RouteTable[]): InternetAccess {
    const { subnets, tags } = this.#args;
    return new InternetAccess(
      this.#name,
      {
        vpcId: this.vpcId,
        natSubnets: subnets.natSubnets,
        loadBalancerSubnets: subnets.loadBalancerSubnets,
        nodeRouteTableIds: nodeRouteTables.map(({ id }) => id),
        tags,
      },
      { parent: this },
    );
  }

  #endpoints(): pulumi.Resource[] {
    const { region, vpcCidr, endpointServices: services, tags } = this.#args;
    const { ready } = new ServiceEndpoints(
      `${this.#name}-endpoints`,
      { region, services, vpcId: this.vpcId, vpcCidr, subnetIds: this.nodeSubnetIds, tags },
      { parent: this },
    );
    return ready;
  }

  #flowLogs(): void {
    const { logRetentionDays: retentionDays, permissionsBoundary, tags } = this.#args;
    new FlowLogs(
      `${this.#name}-flow-logs`,
      { vpcId: this.vpcId, retentionDays, permissionsBoundary, tags },
      { parent: this },
    );
  }
}

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
