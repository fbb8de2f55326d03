import { clusterRanges, overlapProblems } from "./addressRanges.ts";
import { prefixLength } from "./cidr.ts";
import { optOutProblems } from "./dsr.ts";
import { capacityProblems } from "./nodeSubnets.ts";
import type { Problem } from "./problem.ts";
import type { ExistingSubnet, Settings, Surroundings } from "./settings/settings.ts";
import { controlPlaneZoneCount, takesControlPlane } from "./subnets.ts";
import { offeringProblems } from "./zones.ts";

type Existing = NonNullable<Surroundings["existing"]>;

const nodePath = "network.existing.nodeSubnetIds";
const controlPlanePath = "network.existing.controlPlaneSubnetIds";

/** Rules on a network that is already there. */
export function existingNetworkProblems(
  settings: Settings,
  { controlPlaneSubnets, nodeSubnets, vpcCidr }: Existing,
  offerings: Surroundings["offerings"],
): Problem[] {
  const asked = settings.network.existing;
  if (asked === undefined) return [];
  const vpc = { name: `the range of ${asked.vpcId}`, cidr: vpcCidr };
  const nodeZones = [...new Set(nodeSubnets.map(({ zone }) => zone))];
  return [
    ...controlPlaneSubnets.flatMap((subnet) => [
      ...foreignSubnet(at(controlPlanePath, asked.controlPlaneSubnetIds, subnet), subnet, asked.vpcId),
      ...excludedZone(at(controlPlanePath, asked.controlPlaneSubnetIds, subnet), subnet),
    ]),
    ...zoneCount(controlPlaneSubnets),
    ...nodeSubnets.flatMap((subnet) =>
      foreignSubnet(at(nodePath, asked.nodeSubnetIds, subnet), subnet, asked.vpcId),
    ),
    ...capacityProblems(
      settings,
      nodePath,
      nodeSubnets.map(({ cidr }) => prefixLength(cidr)),
    ),
    ...overlapProblems([vpc, ...clusterRanges(settings)]),
    ...optOutProblems(settings, [vpc]),
    ...offeringProblems(settings, nodeZones, offerings),
  ];
}

function at(path: string, ids: readonly string[], { id }: ExistingSubnet): string {
  return `${path}[${ids.indexOf(id)}]`;
}

function foreignSubnet(path: string, { id, vpcId }: ExistingSubnet, wanted: string): Problem[] {
  if (vpcId === wanted) return [];
  return [
    {
      path,
      found: `${id} is in ${vpcId}`,
      needs: `network.existing.vpcId is ${wanted}`,
      fix: "Use a subnet of that VPC, or correct vpcId",
    },
  ];
}

function excludedZone(path: string, { id, zone, zoneId }: ExistingSubnet): Problem[] {
  if (takesControlPlane({ id: zoneId })) return [];
  return [
    {
      path,
      found: `${id} is in ${zone} (${zoneId})`,
      needs: "EKS takes no control-plane subnet in that zone",
      fix: "Use a subnet in another zone",
    },
  ];
}

function zoneCount(subnets: readonly ExistingSubnet[]): Problem[] {
  const zones = [...new Set(subnets.map(({ zone }) => zone))];
  if (zones.length >= controlPlaneZoneCount) return [];
  return [
    {
      path: controlPlanePath,
      found: `all subnets are in ${zones.join(", ")}`,
      needs: "EKS needs two zones",
      fix: "Add a subnet in another zone",
    },
  ];
}
