import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedSubnet } from "./specs/subnets.ts";

export interface InternetAccessArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Zone and addresses of the public subnet that holds the NAT gateway. */
  readonly publicSubnet: PlannedSubnet;
  /** Route table of the nodes. */
  readonly nodeRouteTableId: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, string>>;
}

const everyAddress = "0.0.0.0/0";

/** The nodes' outbound internet access: a NAT gateway in a public subnet. About 36 USD a month. */
export class InternetAccess extends pulumi.ComponentResource {
  /** The nodes' route out. */
  readonly route: pulumi.Resource;

  constructor(name: string, args: InternetAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:InternetAccess", name, {}, opts);
    const { vpcId, publicSubnet, nodeRouteTableId } = args;
    const parent = { parent: this };
    const tags = (suffix: string) => ({ ...args.tags, Name: `${name}-${suffix}` });

    const gateway = new aws.ec2.InternetGateway(name, { vpcId, tags: tags("internet") }, parent);
    const subnet = new aws.ec2.Subnet(
      `${name}-public-${publicSubnet.zone}`,
      {
        vpcId,
        availabilityZone: publicSubnet.zone,
        cidrBlock: publicSubnet.cidr,
        tags: tags(`public-${publicSubnet.zone}`),
      },
      parent,
    );
    const table = new aws.ec2.RouteTable(`${name}-public`, { vpcId, tags: tags("public") }, parent);
    const toInternet = new aws.ec2.Route(
      `${name}-public`,
      { routeTableId: table.id, destinationCidrBlock: everyAddress, gatewayId: gateway.id },
      parent,
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${name}-public`,
      { subnetId: subnet.id, routeTableId: table.id },
      parent,
    );
    const address = new aws.ec2.Eip(
      name,
      { domain: "vpc", tags: tags("nat") },
      { parent: this, dependsOn: gateway },
    );
    const nat = new aws.ec2.NatGateway(
      name,
      { allocationId: address.allocationId, subnetId: subnet.id, tags: tags("nat") },
      { parent: this, dependsOn: [toInternet, association] },
    );
    this.route = new aws.ec2.Route(
      `${name}-node`,
      { routeTableId: nodeRouteTableId, destinationCidrBlock: everyAddress, natGatewayId: nat.id },
      parent,
    );
  }
}
