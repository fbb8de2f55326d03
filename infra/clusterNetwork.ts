import type * as pulumi from "@pulumi/pulumi";
import { Network } from "../components/network.ts";
import type { Settings, Surroundings } from "../components/settings/settings.ts";
import { endpointServices } from "../components/specs/addons.ts";
import { allInstanceTypes, chooseZones, planSubnets } from "../components/specs/subnets.ts";

/** The network of the cluster, new or existing. */
export interface ClusterNetwork {
  readonly vpcId: pulumi.Input<string>;
  /** Every range of the VPC. */
  readonly vpcCidrs: readonly string[];
  readonly controlPlaneSubnetIds: pulumi.Input<string>[];
  /** Blocks of the control-plane subnets. */
  readonly controlPlaneCidrs: readonly string[];
  readonly nodeSubnetIds: pulumi.Input<string>[];
  /** Subnets with a route to the internet; of an existing network, those for load balancers. */
  readonly publicSubnetIds: pulumi.Input<string>[];
  /** Public addresses from which nodes reach the internet; of an existing network, none are known. */
  readonly natAddresses: pulumi.Input<string>[];
  /** Must exist before a node can pull an image. */
  readonly wayOut: pulumi.Resource[];
}

/** Creates the network, or uses the existing one unchanged. */
export function clusterNetwork(
  name: string,
  settings: Settings,
  surroundings: Surroundings,
  opts: pulumi.ComponentResourceOptions,
): ClusterNetwork {
  const { existing, ...network } = settings.network;
  if (existing !== undefined) {
    const { vpcCidr = network.vpcCidr, secondaryCidrs = [] } = surroundings.existing ?? {};
    return {
      vpcId: existing.vpcId,
      vpcCidrs: [vpcCidr, ...secondaryCidrs],
      controlPlaneSubnetIds: [...existing.controlPlaneSubnetIds],
      controlPlaneCidrs: surroundings.existing?.controlPlaneSubnets.map(({ cidr }) => cidr) ?? [],
      nodeSubnetIds: [...existing.nodeSubnetIds],
      publicSubnetIds: surroundings.existing?.loadBalancerSubnets?.map(({ id }) => id) ?? [],
      natAddresses: [],
      wayOut: [],
    };
  }
  const zones = chooseZones({
    zones: surroundings.zones,
    offerings: surroundings.offerings,
    wanted: network.nodeZones,
    instanceTypes: allInstanceTypes(settings.nodePools),
  });
  return new Network(
    name,
    {
      region: settings.region,
      vpcCidr: network.vpcCidr,
      subnets: planSubnets({ ...network, ...zones, loadBalancers: settings.loadBalancers }),
      endpointServices: endpointServices(settings),
      flowLogs: network.flowLogs,
      logRetentionDays: settings.cluster.logRetentionDays,
      permissionsBoundary: settings.iam.permissionsBoundary,
      tags: settings.tags,
    },
    opts,
  );
}
