import type { ExistingSubnet, Settings, Surroundings } from "../settings/settings.ts";
import { controlPlaneZoneCount, takesControlPlane } from "../specs/subnets.ts";
import { prefixLength } from "../values/cidr.ts";
import type { Problem } from "../values/problem.ts";
import { listed } from "../values/words.ts";
import { type AddressRange, clusterRanges, overlapProblems } from "./addressRanges.ts";
import { optOutProblems } from "./dsr.ts";
import { capacityProblems } from "./nodeSubnets.ts";
import { offeringProblems } from "./zones.ts";

type Existing = NonNullable<Surroundings["existing"]>;

const nodePath = "network.existing.nodeSubnetIds";
const controlPlanePath = "network.existing.controlPlaneSubnetIds";

/** Rules on a network that is already there. */
export function existingNetworkProblems(
  settings: Settings,
  existing: Existing,
  { zones, offerings }: Pick<Surroundings, "zones" | "offerings">,
): Problem[] {
  const asked = settings.network.existing;
  if (asked === undefined) return [];
  const { controlPlaneSubnets, nodeSubnets } = existing;
  const vpc = vpcRanges(asked.vpcId, existing);
  const nodeZones = [...new Set(nodeSubnets.map(({ zone }) => zone))];
  return [
    ...resolverProblems(asked.vpcId, existing),
    ...controlPlaneSubnets.flatMap((subnet) => {
      const path = at(controlPlanePath, asked.controlPlaneSubnetIds, subnet);
      return [...foreignSubnet(path, subnet, asked.vpcId), ...excludedZone(path, subnet, zones)];
    }),
    ...zoneCount(controlPlaneSubnets),
    ...nodeSubnets.flatMap((subnet) => {
      const path = at(nodePath, asked.nodeSubnetIds, subnet);
      return [...foreignSubnet(path, subnet, asked.vpcId), ...wavelengthZone(path, subnet)];
    }),
    ...capacityProblems(
      settings,
      nodePath,
      nodeSubnets.map(({ cidr }) => prefixLength(cidr)),
    ),
    ...overlapProblems([...vpc, ...clusterRanges(settings)]),
    ...optOutProblems(settings, vpc),
    ...offeringProblems(settings, nodeZones, { zones, offerings }),
  ];
}

/** The ranges of a VPC do not overlap each other: AWS sees to that. */
function vpcRanges(vpcId: string, { vpcCidr, secondaryCidrs }: Existing): AddressRange[] {
  return [
    { name: `the range of ${vpcId}`, cidr: vpcCidr },
    ...secondaryCidrs.map((cidr) => ({ name: `a secondary range of ${vpcId}`, cidr })),
  ];
}

/** The private endpoint has a name in a hosted zone that only a VPC with both can see. */
function resolverProblems(vpcId: string, { dnsSupport, dnsHostnames }: Existing): Problem[] {
  const off = [...(dnsSupport ? [] : ["DNS support"]), ...(dnsHostnames ? [] : ["DNS hostnames"])];
  if (off.length === 0) return [];
  const options = [
    ...(dnsSupport ? [] : ["--enable-dns-support"]),
    ...(dnsHostnames ? [] : ["--enable-dns-hostnames"]),
  ];
  const commands = options.map((option) => `aws ec2 modify-vpc-attribute --vpc-id ${vpcId} ${option}`);
  return [
    {
      path: "network.existing.vpcId",
      found: `${vpcId} has ${listed(off)} off`,
      needs: "nodes find the private endpoint by a name that resolves only with both on",
      fix: `Run ${commands.join(", then ")}`,
    },
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

function excludedZone(
  path: string,
  { id, zone, zoneId }: ExistingSubnet,
  zones: Surroundings["zones"],
): Problem[] {
  const isOrdinary = zones.some(({ name }) => name === zone);
  if (isOrdinary && takesControlPlane({ id: zoneId })) return [];
  return [
    {
      path,
      found: `${id} is in ${zone} (${zoneId})`,
      needs: isOrdinary
        ? "EKS takes no control-plane subnet in that zone"
        : "EKS takes control-plane subnets in availability zones only, not in Local or Wavelength Zones",
      fix: isOrdinary ? "Use a subnet in another zone" : "Use a subnet in an availability zone",
    },
  ];
}

/** Source: EKS user guide, managed-node-groups and local-zones, read 2026-11-27: Local Zones, but no Wavelength Zones. */
function wavelengthZone(path: string, { id, zone }: ExistingSubnet): Problem[] {
  if (!zone.includes("-wlz-")) return [];
  return [
    {
      path,
      found: `${id} is in the Wavelength Zone ${zone}`,
      needs: "EKS makes no managed node groups there",
      fix: "Use a subnet in an availability zone",
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
