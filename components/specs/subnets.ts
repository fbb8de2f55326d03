import type { Settings, Surroundings } from "../settings/settings.ts";
import { blockFromEnd, blockFromStart } from "../values/cidr.ts";

/**
 * Availability zones, by id because names differ between accounts, in which EKS takes no control-plane subnet.
 * Source: EKS user guide, network-reqs, read 2026-11-20.
 */
export const excludedZones = {
  "use1-az3": { region: "us-east-1" },
  "usw1-az2": { region: "us-west-1" },
  "cac1-az3": { region: "ca-central-1" },
} as const satisfies Record<string, { readonly region: string }>;

/** Prefix length of the subnets for the control plane and for the NAT gateway: the smallest that AWS allows. */
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
  /** For the NAT gateway, in the first node zone. */
  readonly publicSubnet: PlannedSubnet;
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

/**
 * Addresses of every subnet: node subnets from the start of the VPC in the order of their zones, the small ones from its
 * end, so that none of them moves when a zone is added at the end of `nodeZones`.
 */
export function planSubnets({
  vpcCidr,
  nodePrefix,
  nodeZones,
  controlPlaneZones,
}: Pick<Settings["network"], "vpcCidr" | "nodePrefix"> & ZoneChoice): PlannedSubnets {
  const small = (zone: string, index: number) => ({ zone, cidr: blockFromEnd(vpcCidr, smallPrefix, index) });
  return {
    nodeSubnets: nodeZones.map((zone, index) => ({ zone, cidr: blockFromStart(vpcCidr, nodePrefix, index) })),
    controlPlaneSubnets: controlPlaneZones.map(small),
    publicSubnet: small(nodeZones[0] ?? "", controlPlaneZoneCount),
  };
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
