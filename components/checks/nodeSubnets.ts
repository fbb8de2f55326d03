import { addressesPerPrefix } from "../facts/vpcCni.ts";
import type { Settings } from "../settings/settings.ts";
import { endpointServices } from "../specs/addons.ts";
import { mostNodes, surgeShare } from "../specs/nodeGroup.ts";
import { addressesAtEnd, controlPlaneZoneCount, natZoneCount, smallPrefix } from "../specs/subnets.ts";
import { blocksPerNode, usesVpcCni } from "../specs/vpcCni.ts";
import {
  addressCount,
  blockFromStart,
  overlaps,
  prefixLength,
  usableAddresses,
  within,
} from "../values/cidr.ts";
import { counted, type Found, type Problem } from "../values/problem.ts";
import { clusterRanges } from "./addresses.ts";
import { isUsable } from "./unusableRanges.ts";

/** Prefix lengths of a VPC that AWS accepts and that has room for the subnets. */
const vpcPrefixes = { shortest: 16, longest: 24 } as const;

/** Largest prefix length of a node subnet that the settings accept. */
const longestNodePrefix = 28;

/** Ranges to propose for a VPC. */
const vpcProposals = ["10.40.0.0/16", "172.31.0.0/16", "10.0.0.0/16", "192.168.0.0/16"];

/** Rules on the stack's own VPC and the subnets in it. */
export function vpcProblems(settings: Settings): Problem[] {
  const { vpcCidr } = settings.network;
  const prefix = prefixLength(vpcCidr);
  if (prefix < vpcPrefixes.shortest || prefix > vpcPrefixes.longest) {
    return [
      {
        path: "network.vpcCidr",
        found: `${vpcCidr} is a /${prefix}`,
        needs: "AWS does not allow a VPC larger than /16, and the subnets need a /24 or larger",
        fix: `Choose a prefix from /16 to /24${vpcExample(settings)}`,
      },
    ];
  }
  const prefixes = nodeZones(settings).map(() => settings.network.nodePrefix);
  return [fitProblems(settings), capacityProblems(settings, "network.nodePrefix", prefixes)].flat();
}

/** Whether the node subnets hold every node; `prefixes` has one prefix length for each subnet. */
export function capacityProblems(settings: Settings, path: string, prefixes: readonly number[]): Found {
  const held = prefixes.map((prefix) => nodesHeld(settings, prefix)).reduce((sum, nodes) => sum + nodes, 0);
  const nodes = mostNodes(settings.nodePools);
  if (held >= nodes) return [];
  const subnets = prefixes.map((prefix) => `/${prefix}`).join(", ");
  return {
    path,
    found: `${counted(prefixes.length, "node subnet")} (${subnets}) can hold ${counted(held, "node")}${withPods(settings)}`,
    needs: `the pools may have ${nodes} during updates: max, plus one in ${surgeShare}`,
    fix:
      settings.network.existing === undefined
        ? moreRoom(settings)
        : "Use larger subnets, or lower the pools' max",
  };
}

/** How much a node takes, where its pods take some of the subnet. */
function withPods(settings: Settings): string {
  if (!usesVpcCni(settings)) return "";
  return ` with ${blocksOfNode(settings)} blocks of ${addressesPerPrefix} addresses each, whole ones for its pods and the one that its own address breaks`;
}

/** Blocks of /28 that a node of the largest pool takes from its subnet. */
function blocksOfNode({ nodePools }: Pick<Settings, "nodePools">): number {
  return Math.max(...Object.values(nodePools).map(blocksPerNode));
}

/** A range in which everything would fit, as the end of a sentence. */
function vpcExample(settings: Settings): string {
  const free = vpcProposals
    .filter((cidr) => isFreeForVpc(cidr, settings))
    .map((cidr) => withVpc(settings, cidr));
  const asItIs = free.find((other) => isSuitable(other, settings.network.nodePrefix));
  if (asItIs !== undefined) return `, such as ${asItIs.network.vpcCidr}`;
  const both = free.find((other) => suitablePrefix(other) !== undefined);
  if (both === undefined) return ", and lower the pools' max";
  return `, such as ${both.network.vpcCidr} with nodePrefix: ${suitablePrefix(both)}`;
}

function withVpc(settings: Settings, vpcCidr: string): Settings {
  return { ...settings, network: { ...settings.network, vpcCidr } };
}

function isSuitable(settings: Settings, nodePrefix: number): boolean {
  return fits(settings, nodePrefix) && holds(settings, nodePrefix);
}

function fitProblems(settings: Settings): Found {
  const { vpcCidr, nodePrefix } = settings.network;
  if (fits(settings, nodePrefix)) return [];
  const subnets = nodeZones(settings).length;
  return {
    path: "network.nodePrefix",
    found: `${counted(subnets, "node subnet")} of /${nodePrefix} and ${smallSubnets(settings)} subnets of /${smallPrefix}${loadBalancerSubnets(settings)} do not fit into ${vpcCidr}`,
    needs: `${roomForNodes(settings)} addresses are left for nodes, but ${subnets * addressCount(nodePrefix)} are needed`,
    fix: moreRoom(settings),
  };
}

/** The control plane's subnets and those of NAT gateways; room for one is left in any case. */
function smallSubnets(settings: Settings): number {
  const { natGateway } = settings.network;
  return controlPlaneZoneCount + Math.max(1, natZoneCount(natGateway, nodeZones(settings).length));
}

function loadBalancerSubnets({ loadBalancers }: Settings): string {
  return loadBalancers ? ", with those of load balancers," : "";
}

function roomForNodes(settings: Settings): number {
  const { network, loadBalancers } = settings;
  const { natGateway, vpcCidr } = network;
  const nodeZoneCount = nodeZones(settings).length;
  return addressCount(prefixLength(vpcCidr)) - addressesAtEnd({ natGateway, loadBalancers, nodeZoneCount });
}

function fits(settings: Settings, nodePrefix: number): boolean {
  return nodeZones(settings).length * addressCount(nodePrefix) <= roomForNodes(settings);
}

function holds(settings: Settings, nodePrefix: number): boolean {
  return nodeZones(settings).length * nodesHeld(settings, nodePrefix) >= mostNodes(settings.nodePools);
}

/** The prefix of node subnets that fit into the VPC and hold every node, nearest to the present one. */
function suitablePrefix(settings: Settings): number | undefined {
  const distance = (prefix: number) => Math.abs(prefix - settings.network.nodePrefix);
  return prefixesUpTo(longestNodePrefix)
    .toSorted((one, other) => distance(one) - distance(other))
    .find((prefix) => isSuitable(settings, prefix));
}

/** Changes that make room, as a sentence: any one of them is enough. */
function moreRoom(settings: Settings): string {
  const prefix = suitablePrefix(settings);
  const ways = [
    ...(prefix === undefined ? [] : [`set nodePrefix: ${prefix}`]),
    ...largerVpc(settings),
    ...(fits(settings, settings.network.nodePrefix) ? ["lower the pools' max"] : []),
  ];
  if (ways.length === 0) return "Lower the pools' max, and use smaller node subnets";
  const sentence = [...ways.slice(0, -1), ways.length > 1 ? `or ${ways.at(-1)}` : ways.at(-1)].join(", ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** The VPC's range, enlarged as needed. */
function largerVpc(settings: Settings): string[] {
  const { vpcCidr, nodePrefix } = settings.network;
  const present = prefixLength(vpcCidr);
  const larger = prefixesUpTo(present - 1)
    .toReversed()
    .map((prefix) => blockFromStart(vpcCidr, prefix, 0))
    .filter((cidr) => isFreeForVpc(cidr, settings))
    .map((cidr) => withVpc(settings, cidr));
  const asItIs = larger.find((grown) => isSuitable(grown, nodePrefix));
  if (asItIs !== undefined) return [`set vpcCidr: ${asItIs.network.vpcCidr}`];
  if (suitablePrefix(settings) !== undefined) return [];
  const both = larger.find((grown) => suitablePrefix(grown) !== undefined);
  return both === undefined
    ? []
    : [`set vpcCidr: ${both.network.vpcCidr} and nodePrefix: ${suitablePrefix(both)}`];
}

function isFreeForVpc(cidr: string, settings: Settings): boolean {
  const { calico } = settings;
  return (
    isUsable(cidr) &&
    clusterRanges(settings).every((range) => !overlaps(cidr, range.cidr)) &&
    calico.dsrOptOutCidrs.every((optOut) => !overlaps(optOut, cidr) || within(cidr, optOut))
  );
}

/** Nodes that fit into a subnet together with the interface endpoints, which take an address each and break its block, and the nodes' pods. */
function nodesHeld(settings: Settings, prefix: number): number {
  const { network } = settings;
  const endpoints =
    network.natGateway !== "None" || network.existing !== undefined ? 0 : endpointServices(settings).length;
  if (!usesVpcCni(settings)) return Math.max(0, usableAddresses(prefix) - endpoints);
  return Math.floor(Math.max(0, wholeBlocks(prefix) - endpoints) / blocksOfNode(settings));
}

/** Blocks of /28 in a subnet without the first and the last one, of which AWS keeps addresses. */
function wholeBlocks(prefix: number): number {
  return addressCount(prefix) / addressesPerPrefix - 2;
}

function prefixesUpTo(longest: number): number[] {
  return Array.from({ length: longest - 15 }, (_, index) => 16 + index);
}

/** Number of node zones in the settings: one when they name none. */
function nodeZones({ network }: Settings): readonly (string | undefined)[] {
  return network.nodeZones ?? [undefined];
}
