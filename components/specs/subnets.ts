import type { Settings, Surroundings } from "../settings/settings.ts";
import { addressCount, blockFromEnd, blockFromStart } from "../values/cidr.ts";

/**
 * Availability zones, by id because names differ between accounts, in which EKS takes no control-plane subnet.
 * Source: EKS user guide, network-reqs, read 2026-11-20.
 */
export const excludedZones = {
  "use1-az3": { region: "us-east-1" },
  "usw1-az2": { region: "us-west-1" },
  "cac1-az3": { region: "ca-central-1" },
} as const satisfies Record<string, { readonly region: string }>;

/** Prefix length of the subnets for the control plane and for NAT gateways: the smallest that AWS allows. */
export const smallPrefix = 28;

/** Control-plane subnets, each in a different zone. Source: EKS user guide, network-reqs (2026-11). */
export const controlPlaneZoneCount = 2;

export interface ZoneRequest extends Pick<Surroundings, "zones" | "offerings"> {
  /** Zones for nodes that the settings name; undefined: choose one. */
  readonly wanted: readonly string[] | undefined;
  /** What every node zone must offer. */
  readonly instanceTypes: readonly string[];
}

export interface ZoneChoice {
  /** Empty when no zone offers every type. */
  readonly nodeZones: readonly string[];
  /** Fewer than two when the region has no more. */
  readonly controlPlaneZones: readonly string[];
}

export interface PlannedSubnet {
  readonly zone: string;
  readonly cidr: string;
}

export interface PlannedSubnets {
  readonly nodeSubnets: readonly PlannedSubnet[];
  readonly controlPlaneSubnets: readonly PlannedSubnet[];
  /** One for each NAT gateway, in the order of the node zones. */
  readonly natSubnets: readonly PlannedSubnet[];
  /** Public ones for load balancers, in at least two zones and in every node zone; none unless they are requested. */
  readonly loadBalancerSubnets: readonly PlannedSubnet[];
}

/**
 * Zones for nodes: those that the settings name, or the first that takes a control plane and offers every type. Zones
 * for the control plane: the first node zone if it is not excluded, and the next ones in the region's order. Only the
 * first counts, because EKS never lets a cluster change its zones: adding a node zone must not.
 */
export function chooseZones({ zones, offerings, wanted, instanceTypes }: ZoneRequest): ZoneChoice {
  const usable = zones.filter(takesControlPlane).map(({ name }) => name);
  const fitting = usable.filter((zone) => missingTypes(offerings, zone, instanceTypes).length === 0);
  const nodeZones = wanted ?? fitting.slice(0, 1);
  const first = usable.filter((zone) => zone === nodeZones[0]);
  const rest = usable.filter((zone) => zone !== nodeZones[0]);
  return { nodeZones, controlPlaneZones: [...first, ...rest].slice(0, controlPlaneZoneCount) };
}

/** Node zones that get a NAT gateway: every one, the first, or none. */
export function natZoneCount(natGateway: Settings["network"]["natGateway"], nodeZoneCount: number): number {
  return { PerZone: nodeZoneCount, Single: Math.min(1, nodeZoneCount), None: 0 }[natGateway];
}

/**
 * Addresses of every subnet: node subnets from the start of the VPC in the order of their zones, the small ones from its
 * end, so that none of them moves when a zone is added at the end of `nodeZones`.
 */
export function planSubnets({
  vpcCidr,
  nodePrefix,
  natGateway,
  loadBalancers,
  nodeZones,
  controlPlaneZones,
}: Pick<Settings["network"], "vpcCidr" | "nodePrefix" | "natGateway"> &
  Pick<Settings, "loadBalancers"> &
  ZoneChoice): PlannedSubnets {
  const small = (zone: string, index: number) => ({ zone, cidr: blockFromEnd(vpcCidr, smallPrefix, index) });
  return {
    nodeSubnets: nodeZones.map((zone, index) => ({ zone, cidr: blockFromStart(vpcCidr, nodePrefix, index) })),
    controlPlaneSubnets: controlPlaneZones.map(small),
    natSubnets: nodeZones
      .slice(0, natZoneCount(natGateway, nodeZones.length))
      .map((zone, index) => small(zone, natBlock(index))),
    loadBalancerSubnets: loadBalancers
      ? loadBalancerZones(nodeZones, controlPlaneZones).map((zone, index) => ({
          zone,
          cidr: blockFromEnd(vpcCidr, loadBalancerPrefix, loadBalancerBlock(index)),
        }))
      : [],
  };
}

/** A second zone that does not depend on further node zones, so that adding one moves nothing. */
function loadBalancerZones(nodeZones: readonly string[], controlPlaneZones: readonly string[]): string[] {
  const [first, ...further] = nodeZones;
  const second = controlPlaneZones.find((zone) => zone !== first);
  return [...new Set([first, second, ...further].filter((zone) => zone !== undefined))];
}

/**
 * Prefix length of a subnet for load balancers: an Application Load Balancer refuses a smaller one.
 * Source: Elastic Load Balancing user guide, application-load-balancers, subnets (2026-11).
 */
const loadBalancerPrefix = 27;

/** The block from the end that holds the first two of them, and that only they are in. */
export const firstLoadBalancerBlocks = { prefix: 26, index: 1 };

/** Behind the small blocks and between those of NAT gateways: blocks 2 and 3 of /27, then from 6 on. */
function loadBalancerBlock(index: number): number {
  return index < 2 ? index + 2 : index + 4;
}

/** Which small block from the end holds a NAT gateway: four blocks are left free behind the second. */
function natBlock(index: number): number {
  return controlPlaneZoneCount + index + (index < 2 ? 0 : 4);
}

/** What decides how much of the VPC's end is used. */
export interface EndOfVpc {
  readonly natGateway: Settings["network"]["natGateway"];
  readonly loadBalancers: boolean;
  readonly nodeZoneCount: number;
}

/** Addresses at the end of the VPC that node subnets must leave free. Room for one NAT gateway is always left. */
export function addressesAtEnd({ natGateway, loadBalancers, nodeZoneCount }: EndOfVpc): number {
  const lastSmall = natBlock(Math.max(1, natZoneCount(natGateway, nodeZoneCount)) - 1);
  // The second zone may be none of the node zones.
  const last = loadBalancerBlock(nodeZoneCount);
  return Math.max(
    (lastSmall + 1) * addressCount(smallPrefix),
    loadBalancers ? (last + 1) * addressCount(loadBalancerPrefix) : 0,
  );
}

/** Whether EKS accepts a control-plane subnet in the zone. */
export function takesControlPlane({ id }: { readonly id: string }): boolean {
  return !Object.hasOwn(excludedZones, id);
}

/** Instance types that the zone does not offer. */
export function missingTypes(
  offerings: Surroundings["offerings"],
  zone: string,
  instanceTypes: readonly string[],
): string[] {
  return instanceTypes.filter((type) => !(offerings[zone] ?? []).includes(type));
}

/** Every instance type that a pool may start, once each. */
export function allInstanceTypes(pools: Settings["nodePools"]): string[] {
  return [...new Set(Object.values(pools).flatMap(({ instanceTypes }) => instanceTypes))];
}
