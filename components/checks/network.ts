import type { ExistingSubnet, Settings, Surroundings } from "../settings/settings.ts";
import {
  allInstanceTypes,
  chooseZones,
  controlPlaneZoneCount,
  missingTypes,
  takesControlPlane,
} from "../specs/subnets.ts";
import { prefixLength } from "../values/cidr.ts";
import { counted, type Found, listed, type Problem, repeats } from "../values/problem.ts";
import { type AddressRange, clusterRanges, overlapProblems } from "./addresses.ts";
import { optOutProblems } from "./dsr.ts";
import { capacityProblems } from "./nodeSubnets.ts";

/** Rules on zones and subnets that the settings name. */
export function zoneProblems({ network, region }: Settings): Problem[] {
  const { nodeZones = [], existing } = network;
  return [
    ...(existing !== undefined && nodeZones.length > 0 ? [ignoredZones] : []),
    ...nodeZones.flatMap((zone, index) => foreignZone(zone, index, region)),
    ...repeats("network.nodeZones", nodeZones, "each zone counts once"),
    ...repeats(
      "network.existing.controlPlaneSubnetIds",
      existing?.controlPlaneSubnetIds ?? [],
      "each subnet counts once",
    ),
    ...repeats("network.existing.nodeSubnetIds", existing?.nodeSubnetIds ?? [], "each subnet counts once"),
  ];
}

/** Rules on the region's zones, for a network that this program creates. */
export function regionZoneProblems(settings: Settings, { zones, offerings }: Surroundings): Problem[] {
  const { network, nodePools } = settings;
  const instanceTypes = allInstanceTypes(nodePools);
  const { nodeZones } = chooseZones({ zones, offerings, wanted: network.nodeZones, instanceTypes });
  const known = nodeZones.filter((zone) => zones.some(({ name }) => name === zone));
  return [
    controlPlaneZones(settings, zones),
    nodeZones.flatMap((zone, index) => unavailable(zone, index, settings, zones)),
    nodeZones.length === 0
      ? [nowhere(settings, instanceTypes)]
      : offeringProblems(settings, known, { zones, offerings }),
  ].flat();
}

/** One problem for each instance type that a node zone does not offer. */
function offeringProblems(
  { nodePools }: Settings,
  nodeZones: readonly string[],
  { zones, offerings }: Pick<Surroundings, "zones" | "offerings">,
): Problem[] {
  return Object.entries(nodePools).flatMap(([name, { instanceTypes }]) =>
    instanceTypes.flatMap((type, index) => {
      const without = nodeZones.filter((zone) => missingTypes(offerings, zone, [type]).length > 0);
      if (without.length === 0) return [];
      const elsewhere = zones
        .map(({ name: zone }) => zone)
        .filter((zone) => missingTypes(offerings, zone, [type]).length === 0);
      return {
        path: `nodePools.${name}.instanceTypes[${index}]`,
        found: `${listed(without)} ${without.length === 1 ? "does" : "do"} not offer ${type}`,
        needs: `nodes start in ${listed(nodeZones)}`,
        fix:
          elsewhere.length === 0
            ? "Use another type"
            : `Use another type, or a zone that offers it (${elsewhere.join(", ")})`,
      };
    }),
  );
}

const ignoredZones: Problem = {
  path: "network.nodeZones",
  found: "no effect",
  needs: "network.existing names the subnets, and each has its zone",
  fix: "Remove nodeZones",
};

function foreignZone(zone: string, index: number, region: string): Found {
  // An empty region has its own problem.
  if (region === "" || zone.slice(0, -1) === region) return [];
  return {
    path: `network.nodeZones[${index}]`,
    found: `${zone} is not in ${region}`,
    needs: "the cluster is in the region that aws:region sets",
    fix: `Write a zone in ${region}, such as ${region}a`,
  };
}

function controlPlaneZones({ region }: Settings, zones: Surroundings["zones"]): Found {
  const usable = zones.filter(takesControlPlane).map(({ name }) => name);
  if (usable.length >= controlPlaneZoneCount) return [];
  const which = usable.length === 0 ? "" : ` (${usable.join(", ")})`;
  return {
    path: "aws:region",
    found: `${region} has ${counted(usable.length, "zone")} that can hold a control plane${which}`,
    needs: "EKS needs two",
    fix: "Choose another region",
  };
}

function unavailable(zone: string, index: number, { region }: Settings, zones: Surroundings["zones"]): Found {
  const names = zones.map(({ name }) => name);
  // A zone in another region is refused before AWS is called.
  if (names.includes(zone) || zone.slice(0, -1) !== region) return [];
  return {
    path: `network.nodeZones[${index}]`,
    found: `${zone} is not available to this account`,
    needs: `${region} has ${listed(names)}`,
    fix: "Choose one of them",
  };
}

function nowhere({ region }: Settings, instanceTypes: readonly string[]): Problem {
  return {
    path: "nodePools",
    found: `no zone of ${region} offers ${listed(instanceTypes)}${instanceTypes.length > 1 ? " together" : ""}`,
    needs: "every node zone must offer every type",
    fix: "Choose types that one zone offers",
  };
}

type Existing = NonNullable<Surroundings["existing"]>;

const nodePath = "network.existing.nodeSubnetIds";
const controlPlanePath = "network.existing.controlPlaneSubnetIds";

/** Rules on an existing network. */
export function existingNetworkProblems(
  settings: Settings,
  existing: Existing,
  { zones, offerings }: Pick<Surroundings, "zones" | "offerings">,
): Problem[] {
  const requested = settings.network.existing;
  if (requested === undefined) return [];
  const { controlPlaneSubnets, nodeSubnets } = existing;
  const vpc = vpcRanges(requested.vpcId, existing);
  const nodeZones = [...new Set(nodeSubnets.map(({ zone }) => zone))];
  return [
    resolverProblems(requested.vpcId, existing),
    controlPlaneSubnets.flatMap((subnet) => {
      const path = at(controlPlanePath, requested.controlPlaneSubnetIds, subnet);
      return [foreignSubnet(path, subnet, requested.vpcId), excludedZone(path, subnet, zones)].flat();
    }),
    zoneCount(controlPlaneSubnets),
    nodeSubnets.flatMap((subnet) => {
      const path = at(nodePath, requested.nodeSubnetIds, subnet);
      return [foreignSubnet(path, subnet, requested.vpcId), wavelengthZone(path, subnet)].flat();
    }),
    capacityProblems(
      settings,
      nodePath,
      nodeSubnets.map(({ cidr }) => prefixLength(cidr)),
    ),
    overlapProblems([...vpc, ...clusterRanges(settings)]),
    optOutProblems(settings, vpc),
    offeringProblems(settings, nodeZones, { zones, offerings }),
  ].flat();
}

/** The ranges of a VPC do not overlap each other: AWS ensures that. */
function vpcRanges(vpcId: string, { vpcCidr, secondaryCidrs }: Existing): AddressRange[] {
  return [
    { name: `the range of ${vpcId}`, cidr: vpcCidr },
    ...secondaryCidrs.map((cidr) => ({ name: `a secondary range of ${vpcId}`, cidr })),
  ];
}

/** The private endpoint's name is in a hosted zone that resolves only in a VPC with both. */
function resolverProblems(vpcId: string, { dnsSupport, dnsHostnames }: Existing): Found {
  const off = [
    { name: "DNS support", option: "--enable-dns-support", isOn: dnsSupport },
    { name: "DNS hostnames", option: "--enable-dns-hostnames", isOn: dnsHostnames },
  ].filter(({ isOn }) => !isOn);
  if (off.length === 0) return [];
  const commands = off.map(({ option }) => `aws ec2 modify-vpc-attribute --vpc-id ${vpcId} ${option}`);
  return {
    path: "network.existing.vpcId",
    found: `${vpcId} has ${listed(off.map(({ name }) => name))} off`,
    needs: "the private endpoint's name resolves only with both on",
    fix: `Run ${commands.join(", then ")}`,
  };
}

function at(path: string, ids: readonly string[], { id }: ExistingSubnet): string {
  return `${path}[${ids.indexOf(id)}]`;
}

function foreignSubnet(path: string, { id, vpcId }: ExistingSubnet, wanted: string): Found {
  if (vpcId === wanted) return [];
  return {
    path,
    found: `${id} is in ${vpcId}`,
    needs: `network.existing.vpcId is ${wanted}`,
    fix: "Use a subnet of that VPC, or correct vpcId",
  };
}

function excludedZone(
  path: string,
  { id, zone, zoneId }: ExistingSubnet,
  zones: Surroundings["zones"],
): Found {
  const isOrdinary = zones.some(({ name }) => name === zone);
  if (isOrdinary && takesControlPlane({ id: zoneId })) return [];
  return {
    path,
    found: `${id} is in ${zone} (${zoneId})`,
    needs: isOrdinary
      ? "EKS does not accept control-plane subnets in that zone"
      : "EKS accepts control-plane subnets in availability zones only, not in Local or Wavelength Zones",
    fix: isOrdinary ? "Use a subnet in another zone" : "Use a subnet in an availability zone",
  };
}

/** Source: EKS user guide, managed-node-groups and local-zones, read 2026-11-27: Local Zones, but no Wavelength Zones. */
function wavelengthZone(path: string, { id, zone }: ExistingSubnet): Found {
  if (!zone.includes("-wlz-")) return [];
  return {
    path,
    found: `${id} is in the Wavelength Zone ${zone}`,
    needs: "EKS does not create managed node groups there",
    fix: "Use a subnet in an availability zone",
  };
}

function zoneCount(subnets: readonly ExistingSubnet[]): Found {
  const zones = [...new Set(subnets.map(({ zone }) => zone))];
  if (zones.length >= controlPlaneZoneCount) return [];
  return {
    path: controlPlanePath,
    found: `all subnets are in ${zones.join(", ")}`,
    needs: "EKS needs two zones",
    fix: "Add a subnet in another zone",
  };
}
