import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { subnetRole } from "./specs/charts.ts";
import type { PlannedSubnet } from "./specs/subnets.ts";

export interface InternetAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Zone and addresses of the public subnet of each NAT gateway. Plain: it decides which resources exist. */
  readonly natSubnets: readonly PlannedSubnet[];
  /** Zone and addresses of the public subnets for load balancers. Plain. */
  readonly loadBalancerSubnets: readonly PlannedSubnet[];
  /** Route tables of the nodes, one for each NAT gateway. */
  readonly nodeRouteTableIds: readonly pulumi.Input<string>[];
  readonly tags: Readonly<Record<string, string>>;
}

/** What a public subnet's packets to the internet take. */
interface PublicRoute {
  readonly gateway: pulumi.Resource;
  readonly table: aws.ec2.RouteTable;
  readonly toInternet: pulumi.Resource;
}

const everyAddress = "0.0.0.0/0";

/** The nodes' outbound internet access: NAT gateways in public subnets. Each is about 36 USD a month. */
export class InternetAccess extends pulumi.ComponentResource {
  /** The nodes' routes out. */
  readonly routes: pulumi.Resource[];
  /** Subnets of NAT gateways, then of load balancers. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** Public addresses of the NAT gateways. */
  readonly natAddresses: pulumi.Output<string>[];

  readonly #name: string;
  readonly #args: InternetAccessArgs;

  constructor(name: string, args: InternetAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:InternetAccess", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const { vpcId } = args;

    const gateway = new aws.ec2.InternetGateway(
      name,
      { vpcId, tags: this.#tags("internet") },
      { parent: this },
    );
    const table = new aws.ec2.RouteTable(
      `${name}-public`,
      { vpcId, tags: this.#tags("public") },
      { parent: this },
    );
    const toInternet = new aws.ec2.Route(
      `${name}-public`,
      { routeTableId: table.id, destinationCidrBlock: everyAddress, gatewayId: gateway.id },
      { parent: this },
    );
    const gateways = args.natSubnets.map((subnet, index) =>
      this.#natGateway(subnet, index, { gateway, table, toInternet }),
    );
    this.routes = gateways.map(({ route }) => route);
    this.natAddresses = gateways.map(({ address }) => address);
    this.publicSubnetIds = [
      ...gateways.map(({ subnetId }) => subnetId),
      ...args.loadBalancerSubnets.map((subnet) => this.#loadBalancerSubnet(subnet, table)),
    ];
  }

  /** The first gateway has the names that it had when it was the only one. */
  #natGateway(
    subnet: PlannedSubnet,
    index: number,
    { gateway, table, toInternet }: PublicRoute,
  ): { route: pulumi.Resource; address: pulumi.Output<string>; subnetId: pulumi.Output<string> } {
    const parent = { parent: this };
    const suffix = index === 0 ? "" : `-${subnet.zone}`;
    const tags = this.#tags(`nat${suffix}`);
    const subnetId = this.#subnet("public", subnet);
    const association = new aws.ec2.RouteTableAssociation(
      `${this.#name}-public${suffix}`,
      { subnetId, routeTableId: table.id },
      parent,
    );
    const address = new aws.ec2.Eip(
      `${this.#name}${suffix}`,
      { domain: "vpc", tags },
      { parent: this, dependsOn: gateway },
    );
    const nat = new aws.ec2.NatGateway(
      `${this.#name}${suffix}`,
      { allocationId: address.allocationId, subnetId, tags },
      { parent: this, dependsOn: [toInternet, association] },
    );
    const route = new aws.ec2.Route(
      `${this.#name}-node${suffix}`,
      {
        routeTableId: this.#args.nodeRouteTableIds[index] ?? "",
        destinationCidrBlock: everyAddress,
        natGatewayId: nat.id,
      },
      parent,
    );
    return { route, address: address.publicIp, subnetId };
  }

  #loadBalancerSubnet(subnet: PlannedSubnet, table: aws.ec2.RouteTable): pulumi.Output<string> {
    const subnetId = this.#subnet("load-balancer", subnet, { [subnetRole.public]: "1" });
    const name = `${this.#name}-load-balancer-${subnet.zone}`;
    new aws.ec2.RouteTableAssociation(name, { subnetId, routeTableId: table.id }, { parent: this });
    return subnetId;
  }

  #subnet(kind: string, { zone, cidr }: PlannedSubnet, roles = {}): pulumi.Output<string> {
    const suffix = `${kind}-${zone}`;
    const { id } = new aws.ec2.Subnet(
      `${this.#name}-${suffix}`,
      {
        vpcId: this.#args.vpcId,
        availabilityZone: zone,
        cidrBlock: cidr,
        tags: { ...this.#tags(suffix), ...roles },
      },
      { parent: this },
    );
    return id;
  }

  #tags(suffix: string): Record<string, string> {
    return { ...this.#args.tags, Name: `${this.#name}-${suffix}` };
  }
}

export interface ServiceEndpointsArgs {
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  /** Addresses that may use the endpoints. */
  readonly vpcCidr: string;
  /** One subnet for each zone. */
  readonly subnetIds: pulumi.Input<string>[];
  /** Last parts of the services' names. */
  readonly services: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** The AWS services that nodes need, inside the VPC, for nodes without internet access. */
export class ServiceEndpoints extends pulumi.ComponentResource {
  /** Must exist before a node can pull an image. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: ServiceEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:ServiceEndpoints", name, {}, opts);
    const { region, services, subnetIds, vpcCidr, vpcId } = args;
    const parent = { parent: this };
    const tags = { ...args.tags, Name: name };

    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId, description: "Interface endpoints of AWS services", tags },
      parent,
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
        tags,
      },
      parent,
    );
    const endpoints = services.map(
      (service) =>
        new aws.ec2.VpcEndpoint(
          `${name}-${service}`,
          {
            vpcId,
            serviceName: `com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            subnetIds,
            securityGroupIds: [group.id],
            privateDnsEnabled: true,
            tags: { ...args.tags, Name: `${name}-${service}` },
          },
          parent,
        ),
    );
    this.ready = [rule, ...endpoints];
  }
}
