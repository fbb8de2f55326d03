import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

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
