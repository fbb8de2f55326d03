import { serviceRanges } from "../facts/networks.ts";
import type { Settings } from "../settings/settings.ts";
import { usesVpcCni } from "../specs/vpcCni.ts";
import { overlaps, prefixLength, within } from "../values/cidr.ts";
import { alternatives, type Found, type Problem } from "../values/problem.ts";
import { isFree, podAddressProblems, podRanges } from "./podAddresses.ts";
import { unusableRangeProblems } from "./unusableRanges.ts";

/** Rules on ranges that need only the settings. */
export function addressProblems(settings: Settings): Problem[] {
  return [
    unusableRangeProblems(settings),
    serviceRange(settings),
    overlapProblems([...vpcRange(settings), ...clusterRanges(settings)]),
    !usesVpcCni(settings) ? podAddressProblems(settings) : [],
  ].flat();
}

function serviceRange(settings: Settings): Found {
  const { serviceCidr } = settings.cluster;
  const free = freeRange([...vpcRange(settings), ...clusterRanges(settings)], "cluster.serviceCidr");
  const prefix = prefixLength(serviceCidr);
  const sound = prefix >= 12 && prefix <= 24 && serviceRanges.some((range) => within(serviceCidr, range));
  if (sound) return [];
  return {
    path: "cluster.serviceCidr",
    found: `EKS does not accept ${serviceCidr}`,
    needs: `it accepts prefixes from /12 to /24 within ${alternatives(serviceRanges)}`,
    fix: `Choose such a range${free === undefined ? "" : `, such as ${free}`}`,
  };
}

/** Ranges to propose for services: EKS's own choices first. Source as `serviceRanges`. */
const serviceProposals = ["172.20.0.0/16", "10.100.0.0/16", "172.21.0.0/16", "192.168.240.0/20"];

/** A range of addresses and where it was set. */
export interface AddressRange {
  /** Its name in messages: `network.vpcCidr`. */
  readonly name: string;
  readonly cidr: string;
  /** Other suitable ranges, before those that overlap are left out. */
  readonly proposals?: () => readonly string[];
}

/** The VPC's range, when it is ours. */
export function vpcRange({ network }: Settings): AddressRange[] {
  return network.existing === undefined ? [{ name: "network.vpcCidr", cidr: network.vpcCidr }] : [];
}

/** Ranges that exist only inside the cluster, in the order of the stack file. */
export function clusterRanges(settings: Settings): AddressRange[] {
  const { cluster, calico } = settings;
  return [
    { name: "cluster.serviceCidr", cidr: cluster.serviceCidr, proposals: () => serviceProposals },
    ...(!usesVpcCni(settings)
      ? [
          {
            name: "calico.podCidr",
            cidr: calico.podCidr,
            proposals: () => podRanges(settings).filter((cidr) => isFree(cidr, settings)),
          },
        ]
      : []),
  ];
}

/** One problem for each two ranges that overlap, at the later one. */
export function overlapProblems(ranges: readonly AddressRange[]): Problem[] {
  return ranges.flatMap((later, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => overlaps(earlier.cidr, later.cidr))
      .map((earlier) => ({
        path: later.name,
        found: `${later.cidr} overlaps ${earlier.name} (${earlier.cidr})`,
        needs: "VPC, services and pods need separate ranges",
        fix: `Choose another range${suchAs(freeRange(ranges, later.name))}`,
      })),
  );
}

/** A range of the same kind that overlaps none of the others. */
function freeRange(ranges: readonly AddressRange[], name: string): string | undefined {
  const others = ranges.filter((range) => range.name !== name);
  const proposals = ranges.find((range) => range.name === name)?.proposals?.() ?? [];
  return proposals.find((proposal) => others.every(({ cidr }) => !overlaps(proposal, cidr)));
}

function suchAs(range: string | undefined): string {
  return range === undefined ? "" : `, such as ${range}`;
}
