import * as pulumi from "@pulumi/pulumi";
import { Network } from "../components/network.ts";
import type { Settings, Surroundings } from "../components/settings/settings.ts";
import { endpointServices } from "../components/specs/addons.ts";
import { allInstanceTypes, chooseZones, planSubnets } from "../components/specs/subnets.ts";

/** The network of the cluster, new or existing. Of an existing one, the addresses of NAT gateways are unknown. */
export type ClusterNetwork = Omit<Network, keyof pulumi.ComponentResource>;

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
      vpcId: pulumi.output(existing.vpcId),
      vpcCidrs: [vpcCidr, ...secondaryCidrs],
      controlPlaneSubnetIds: existing.controlPlaneSubnetIds.map((id) => pulumi.output(id)),
      controlPlaneCidrs: surroundings.existing?.controlPlaneSubnets.map(({ cidr }) => cidr) ?? [],
      nodeSubnetIds: existing.nodeSubnetIds.map((id) => pulumi.output(id)),
      publicSubnetIds: surroundings.existing?.loadBalancerSubnets?.map(({ id }) => pulumi.output(id)) ?? [],
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
