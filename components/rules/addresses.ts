import { privateEndpoints } from "../facts/privateEndpoints.ts";
import { serviceRanges } from "../facts/reservedRanges.ts";
import { addressCount, overlaps, prefixLength, usableAddresses, within } from "./cidr.ts";
import { mostNodes, surgeShare } from "./nodeCount.ts";
import type { Problem } from "./problem.ts";
import type { Settings } from "./settings/settings.ts";
import { controlPlaneZoneCount, smallPrefix } from "./subnets.ts";
import { alternatives, counted } from "./words.ts";

/** Largest prefix length of a node subnet that the settings take. */
const longestNodePrefix = 28;

/** Smallest block that is worth proposing. */
const longestBlock = 28;

/** The control plane's subnets and the public one. */
const smallSubnets = controlPlaneZoneCount + 1;

/** Ranges to propose; those for services are EKS's own choices. Source as `serviceRanges`. */
const proposals: Readonly<Record<string, readonly string[]>> = {
  "cluster.serviceCidr": ["172.20.0.0/16", "10.100.0.0/16"],
  "calico.podCidr": ["192.168.0.0/16", "172.24.0.0/16", "10.244.0.0/16"],
};

/** A range of addresses and where it was set. */
export interface AddressRange {
  /** As messages name it: `network.vpcCidr`. */
  readonly name: string;
  readonly cidr: string;
}

/** Rules on the ranges that settings alone decide. */
export function addressProblems(settings: Settings): Problem[] {
  return [
    ...(settings.network.existing === undefined ? ownNetwork(settings) : []),
    ...serviceRange(settings),
    ...overlapProblems([...vpcRange(settings), ...clusterRanges(settings)]),
    ...podBlocks(settings),
  ];
}

/** The VPC's range, when it is ours. */
export function vpcRange({ network }: Settings): AddressRange[] {
  return network.existing === undefined ? [{ name: "network.vpcCidr", cidr: network.vpcCidr }] : [];
}

/** Ranges that exist only inside the cluster, in the order of the stack file. */
export function clusterRanges({ cluster, calico }: Settings): AddressRange[] {
  return [
    { name: "cluster.serviceCidr", cidr: cluster.serviceCidr },
    { name: "calico.podCidr", cidr: calico.podCidr },
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
        needs: "VPC, services and pods need ranges of their own",
        fix: `Choose another range${freeRange(ranges, later)}`,
      })),
  );
}

/** Whether the node subnets hold every node; `prefixes` has one prefix length for each subnet. */
export function capacityProblems(settings: Settings, path: string, prefixes: readonly number[]): Problem[] {
  const held = prefixes.map((prefix) => nodesHeld(settings, prefix)).reduce((sum, nodes) => sum + nodes, 0);
  const nodes = mostNodes(settings.nodePools);
  if (held >= nodes) return [];
  const subnets = prefixes.map((prefix) => `/${prefix}`).join(", ");
  return [
    {
      path,
      found: `${counted(prefixes.length, "node subnet")} (${subnets}) can hold ${counted(held, "node")}`,
      needs: `the pools may have ${nodes} during updates: max, and one in ${surgeShare} more`,
      fix:
        settings.network.existing === undefined
          ? largerSubnets(settings, prefixes, nodes)
          : "Use larger subnets, or lower the pools' max",
    },
  ];
}

function ownNetwork(settings: Settings): Problem[] {
  const { vpcCidr } = settings.network;
  const prefix = prefixLength(vpcCidr);
  if (prefix < 16 || prefix > 24) {
    return [
      {
        path: "network.vpcCidr",
        found: `${vpcCidr} is a /${prefix}`,
        needs: "AWS makes no VPC larger than /16, and three kinds of subnets need /24 or larger",
        fix: "Choose a prefix from /16 to /24, like 10.40.0.0/16",
      },
    ];
  }
  const prefixes = nodeZones(settings).map(() => settings.network.nodePrefix);
  return [...fitProblems(settings), ...capacityProblems(settings, "network.nodePrefix", prefixes)];
}

function fitProblems(settings: Settings): Problem[] {
  const { vpcCidr, nodePrefix } = settings.network;
  const subnets = nodeZones(settings).length;
  const room = addressCount(prefixLength(vpcCidr)) - smallSubnets * addressCount(smallPrefix);
  if (subnets * addressCount(nodePrefix) <= room) return [];
  const fitting = prefixesUpTo(longestNodePrefix).find((prefix) => subnets * addressCount(prefix) <= room);
  return [
    {
      path: "network.nodePrefix",
      found: `${counted(subnets, "node subnet")} of /${nodePrefix} and ${smallSubnets} subnets of /${smallPrefix} do not fit into ${vpcCidr}`,
      needs: `${room} addresses are left for nodes, and ${subnets * addressCount(nodePrefix)} are asked for`,
      fix:
        fitting === undefined
          ? "Choose a larger vpcCidr"
          : `Set nodePrefix: ${fitting}, or choose a larger vpcCidr`,
    },
  ];
}

function serviceRange({ cluster: { serviceCidr } }: Settings): Problem[] {
  const prefix = prefixLength(serviceCidr);
  const sound = prefix >= 12 && prefix <= 24 && serviceRanges.some((range) => within(serviceCidr, range));
  if (sound) return [];
  return [
    {
      path: "cluster.serviceCidr",
      found: `EKS does not take ${serviceCidr}`,
      needs: `it takes prefixes from /12 to /24 within ${alternatives(serviceRanges)}`,
      fix: "Choose such a range, like 172.20.0.0/16",
    },
  ];
}

function podBlocks({ calico: { podCidr, blockSize }, nodePools }: Settings): Problem[] {
  const prefix = prefixLength(podCidr);
  const nodes = mostNodes(nodePools);
  const blocks = Math.floor(addressCount(prefix) / addressCount(blockSize));
  if (blocks >= nodes && blocks > 0) return [];
  const bits = Math.ceil(Math.log2(Math.max(1, nodes)));
  const larger = blockSize >= bits ? [`a podCidr of at least /${blockSize - bits}`] : [];
  const smaller = prefix + bits <= longestBlock ? [`blockSize: ${prefix + bits}`] : [];
  return [
    {
      path: "calico.podCidr",
      found: `${podCidr} has ${counted(blocks, "block")} of /${blockSize}`,
      needs: `every node takes one, and the pools may have ${counted(nodes, "node")} during updates`,
      fix: `Choose ${alternatives([...larger, ...smaller, "a smaller max of the pools"])}`,
    },
  ];
}

/** Nodes that fit into a subnet of ours beside the interface endpoints, which take one address each. */
function nodesHeld({ network }: Settings, prefix: number): number {
  const endpoints =
    network.natGateway || network.existing !== undefined ? 0 : Object.keys(privateEndpoints).length;
  return Math.max(0, usableAddresses(prefix) - endpoints);
}

function largerSubnets(settings: Settings, prefixes: readonly number[], nodes: number): string {
  const fitting = prefixesUpTo(longestNodePrefix)
    .toReversed()
    .find((prefix) => prefixes.length * nodesHeld(settings, prefix) >= nodes);
  const lower = "lower the pools' max";
  return fitting === undefined ? `Use more zones, or ${lower}` : `Set nodePrefix: ${fitting}, or ${lower}`;
}

function prefixesUpTo(longest: number): number[] {
  return Array.from({ length: longest - 15 }, (_, index) => 16 + index);
}

/** Zones for nodes as far as the settings say: one when they leave it open. */
function nodeZones({ network }: Settings): readonly (string | undefined)[] {
  return network.nodeZones ?? [undefined];
}

/** A range of the same kind that touches none of the others, as the end of a sentence. */
function freeRange(ranges: readonly AddressRange[], taken: AddressRange): string {
  const others = ranges.filter((range) => range !== taken);
  const free = (proposals[taken.name] ?? []).find((proposal) =>
    others.every(({ cidr }) => !overlaps(proposal, cidr)),
  );
  return free === undefined ? "" : `, such as ${free}`;
}
