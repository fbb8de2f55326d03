import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs } from "./flowLogs.ts";
import { InternetAccess } from "./internetAccess.ts";
import { ServiceEndpoints } from "./serviceEndpoints.ts";
import type { PlannedSubnet, PlannedSubnets } from "./specs/subnets.ts";

export interface NetworkArgs {
  /** AWS region, part of the endpoints' service names. */
  readonly region: string;
  /** Addresses of the VPC. */
  readonly vpcCidr: string;
  /** Zone and addresses of every subnet. Plain: it decides which resources exist. */
  readonly subnets: PlannedSubnets;
  /** A NAT gateway for outbound traffic; false: interface endpoints for the AWS services that nodes need. */
  readonly natGateway: boolean;
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
  readonly controlPlaneSubnetIds: pulumi.Output<string>[];
  readonly nodeSubnetIds: pulumi.Output<string>[];
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
    this.controlPlaneSubnetIds = this.#subnets(vpcId, "control-plane", args.subnets.controlPlaneSubnets);
    this.nodeSubnetIds = this.#subnets(vpcId, "node", args.subnets.nodeSubnets);
    const { routeTableId, ready } = this.#nodeRoutes();
    this.wayOut = [...ready, ...(args.natGateway ? this.#internetAccess(routeTableId) : this.#endpoints())];
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
  ): pulumi.Output<string>[] {
    return planned.map(
      ({ zone, cidr }) =>
        new aws.ec2.Subnet(
          `${this.#name}-${kind}-${zone}`,
          { vpcId, availabilityZone: zone, cidrBlock: cidr, tags: this.#tags(`${kind}-${zone}`) },
          { parent: this },
        ).id,
    );
  }

  /** The nodes' route table, with the free gateway endpoint to S3, where image layers come from. */
  #nodeRoutes(): { routeTableId: pulumi.Output<string>; ready: pulumi.Resource[] } {
    const name = `${this.#name}-node`;
    const { region, subnets } = this.#args;
    const parent = { parent: this };
    const { id: routeTableId } = new aws.ec2.RouteTable(
      name,
      { vpcId: this.vpcId, tags: this.#tags("node") },
      parent,
    );
    const associations = this.nodeSubnetIds.map(
      (subnetId, index) =>
        new aws.ec2.RouteTableAssociation(
          `${name}-${subnets.nodeSubnets[index]?.zone}`,
          { subnetId, routeTableId },
          parent,
        ),
    );
    const s3 = new aws.ec2.VpcEndpoint(
      `${this.#name}-s3`,
      {
        vpcId: this.vpcId,
        serviceName: `com.amazonaws.${region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: [routeTableId],
        tags: this.#tags("s3"),
      },
      parent,
    );
    return { routeTableId, ready: [...associations, s3] };
  }

  #internetAccess(nodeRouteTableId: pulumi.Output<string>): pulumi.Resource[] {
    const { subnets, tags } = this.#args;
    const { publicSubnet } = subnets;
    const { route } = new InternetAccess(
      this.#name,
      { vpcId: this.vpcId, publicSubnet, nodeRouteTableId, tags },
      { parent: this },
    );
    return [route];
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
