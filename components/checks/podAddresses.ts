import { privateRanges } from "../facts/networks.ts";
import type { NodePoolSettings, Settings } from "../settings/settings.ts";
import { mostNodes, mostNodesOf } from "../specs/nodeGroup.ts";
import { addressCount, blockFromStart, overlaps, prefixLength, within } from "../values/cidr.ts";
import { alternatives, counted, type Problem } from "../values/problem.ts";
import { isUsable } from "./unusableRanges.ts";

/** Smallest maxPods that the settings accept. */
const fewestPods = 4;

/** Shortest prefix of a pod range to propose: no private range has room for a larger one next to a VPC. */
const shortestProposal = 9;

/** Private ranges in which pod ranges are proposed, the smaller ones first. */
const supernets = ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8"];

/** Whether Calico can give every pod of the largest cluster an address. */
export function podAddressProblems(settings: Ipam): Problem[] {
  return [...nodeLimit(settings), ...podRange(settings)];
}

/**
 * Pod ranges with room for every pod that the settings may start: the usual ones first, then
 * others in the private ranges, each as small as can be.
 */
export function podRanges(settings: Ipam): string[] {
  const prefix = sufficientPrefix(settings);
  const usual = ["192.168.0.0/16", "172.24.0.0/16", "10.244.0.0/16"].filter((cidr) =>
    hasRoom(withCalico(settings, { podCidr: cidr })),
  );
  return prefix === undefined ? usual : [...usual, ...supernets.flatMap((range) => blocksIn(range, prefix))];
}

/** Calico stops giving a node blocks, and its pods addresses, even when some are free. */
function nodeLimit(settings: Ipam): Problem[] {
  const { blockSize } = settings.calico;
  const [worst] = Object.entries(settings.nodePools)
    .filter(([, pool]) => blocksPerNode(pool, settings) > mostBlocksPerNode)
    .toSorted(([, one], [, other]) => other.maxPods - one.maxPods);
  if (worst === undefined) return [];
  const [name, pool] = worst;
  const proposals = [...otherBlockSize(settings, isWithinLimit), ...fewerPods(settings, isWithinLimit)];
  return [
    {
      path: "calico.blockSize",
      found: `${counted(pool.maxPods, "pod")} on a node of pool ${name} take ${counted(blocksPerNode(pool, settings), "block")} of /${blockSize}`,
      needs: `Calico gives a node at most ${mostBlocksPerNode}`,
      fix: `Set ${alternatives(proposals)}`,
    },
  ];
}

function podRange(settings: Ipam): Problem[] {
  if (hasRoom(settings)) return [];
  const { podCidr, blockSize } = settings.calico;
  const nodes = mostNodes(settings.nodePools);
  const blocks = blocksOf(settings);
  const tooFewBlocks = blocks < nodes || blocks === 0;
  const proposals = [
    ...largerRange(settings),
    ...otherBlockSize(settings, hasRoom),
    ...fewerPods(settings, hasRoom),
    ...fewerNodes(settings),
  ];
  return [
    {
      path: "calico.podCidr",
      found: tooFewBlocks
        ? `${podCidr} has ${counted(blocks, "block")} of /${blockSize}`
        : `${podCidr} has ${addressCount(prefixLength(podCidr))} addresses`,
      needs: tooFewBlocks
        ? `every node takes one, and the pools may have ${counted(nodes, "node")} during updates`
        : `the pools may have ${counted(nodes, "node")} during updates, which may need ${demand(settings)}`,
      fix:
        proposals.length === 0
          ? "Lower the pools' max, and choose a larger podCidr"
          : `Choose ${alternatives(proposals)}`,
    },
  ];
}

/** Whether changed settings keep every rule that held before, and the one that the change is for. */
function isBetter(after: Ipam, before: Ipam, respect: (settings: Ipam) => boolean): boolean {
  const keeps = (sound: (settings: Ipam) => boolean) => sound(after) || !sound(before);
  return respect(after) && keeps(hasRoom) && keeps(isWithinLimit);
}

function sufficientPrefix(settings: Ipam): number | undefined {
  return countdown(settings.calico.blockSize, shortestProposal).find((prefix) =>
    hasRoom(withCalico(settings, { podCidr: `10.0.0.0/${prefix}` })),
  );
}

/** The present range enlarged, or another one, where it overlaps nothing else in the settings. */
function largerRange(settings: Ipam): string[] {
  const prefix = sufficientPrefix(settings);
  const grown = prefix === undefined ? [] : [blockFromStart(settings.calico.podCidr, prefix, 0)];
  const isPrivate = (cidr: string) => privateRanges.some((range) => within(cidr, range));
  const free = [...grown.filter(isPrivate), ...podRanges(settings)].find((cidr) => isFree(cidr, settings));
  return free === undefined ? [] : [`podCidr: ${free}`];
}

/** Whether a pod range overlaps nothing else in the settings. */
export function isFree(cidr: string, settings: Ipam & Partial<Settings>): boolean {
  const { network, cluster, calico } = settings;
  const others = [
    ...(network === undefined || network.existing !== undefined ? [] : [network.vpcCidr]),
    ...(cluster === undefined ? [] : [cluster.serviceCidr]),
  ];
  return (
    isUsable(cidr) &&
    others.every((other) => !overlaps(cidr, other)) &&
    calico.dsrOptOutCidrs.every((optOut) => !overlaps(optOut, cidr) || within(cidr, optOut))
  );
}

/** The block size nearest to the present one with which everything fits. */
function otherBlockSize(settings: Ipam, respect: (settings: Ipam) => boolean): string[] {
  const { blockSize } = settings.calico;
  const fitting = countdown(blockSizes.longest, blockSizes.shortest)
    .toSorted((one, other) => Math.abs(one - blockSize) - Math.abs(other - blockSize))
    .find((size) => isBetter(withCalico(settings, { blockSize: size }), settings, respect));
  return fitting === undefined ? [] : [`blockSize: ${fitting}`];
}

/** Whether one node in each pool, and its replacement, would fit. */
function fewerNodes(settings: Ipam): string[] {
  const nodePools = Object.fromEntries(
    Object.entries(settings.nodePools).map(([name, pool]) => [
      name,
      { ...pool, size: { ...pool.size, max: 1 } },
    ]),
  );
  return hasRoom({ ...settings, nodePools }) ? ["a smaller max for the pools"] : [];
}

/** The most pods on a node, in every pool, with which everything fits. */
function fewerPods(settings: Ipam, respect: (settings: Ipam) => boolean): string[] {
  const present = Math.max(...Object.values(settings.nodePools).map(({ maxPods }) => maxPods));
  const fitting = countdown(present, fewestPods).find((most) =>
    isBetter(withMaxPods(settings, most), settings, respect),
  );
  return fitting === undefined || fitting === present ? [] : [`maxPods: ${fitting} in every pool`];
}

function withCalico(settings: Ipam, change: Partial<Settings["calico"]>): Ipam {
  return { ...settings, calico: { ...settings.calico, ...change } };
}

function withMaxPods(settings: Ipam, most: number): Ipam {
  const nodePools = Object.fromEntries(
    Object.entries(settings.nodePools).map(([name, pool]) => [
      name,
      { ...pool, maxPods: Math.min(pool.maxPods, most) },
    ]),
  );
  return { ...settings, nodePools };
}

function blocksIn(range: string, prefix: number): string[] {
  const count = 2 ** (prefix - prefixLength(range));
  if (count < 1) return [];
  // From the middle, because the first ranges are used most often.
  return Array.from({ length: Math.min(count, 256) }, (_, index) =>
    blockFromStart(range, prefix, (Math.floor(count / 2) + index) % count),
  );
}

function countdown(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, from - to + 1) }, (_, index) => from - index);
}

/** What decides how Calico assigns pod addresses. */
export type Ipam = Pick<Settings, "calico" | "nodePools">;

/** Addresses that one node may use: one for each pod, and one for the tunnel where there is one. */
function addressesPerNode({ maxPods }: Pick<NodePoolSettings, "maxPods">, { calico }: Ipam): number {
  return maxPods + (calico.encapsulation === "None" ? 0 : 1);
}

/** Blocks that one node may take. */
export function blocksPerNode(pool: NodePoolSettings, settings: Ipam): number {
  return Math.ceil(addressesPerNode(pool, settings) / addressCount(settings.calico.blockSize));
}

/** Blocks of the pod range. */
export function blocksOf({ calico: { podCidr, blockSize } }: Ipam): number {
  return Math.floor(addressCount(prefixLength(podCidr)) / addressCount(blockSize));
}

/** Addresses that the largest cluster may use. */
export function demand(settings: Ipam): number {
  return Object.values(settings.nodePools)
    .map((pool) => mostNodesOf(pool) * addressesPerNode(pool, settings))
    .reduce((sum, addresses) => sum + addresses, 0);
}

/** A block for every node, and addresses for all: a node whose blocks are full borrows from the blocks of others. */
export function hasRoom(settings: Ipam): boolean {
  const blocks = blocksOf(settings);
  return (
    blocks > 0 &&
    blocks >= mostNodes(settings.nodePools) &&
    blocks * addressCount(settings.calico.blockSize) >= demand(settings)
  );
}

/** Whether every node may take as many blocks as its pods fill. */
export function isWithinLimit(settings: Ipam): boolean {
  return Object.values(settings.nodePools).every(
    (pool) => blocksPerNode(pool, settings) <= mostBlocksPerNode,
  );
}

/**
 * Blocks of addresses that Calico gives one node at most; pods beyond them fail with "cannot allocate new block due to per host
 * block limit". Source: projectcalico/libcalico-go#1368, projectcalico/calico#9462 and #4861; IPAMConfiguration
 * maxBlocksPerHost, which the operator does not set (v1.42.4). Read 2026-11-27.
 */
export const mostBlocksPerNode = 20;

/** Prefix lengths of a block that the operator accepts in an IPv4 pool. Source: tigera/operator v1.42.4 ippool/validation.go. */
export const blockSizes = { shortest: 20, longest: 32 } as const;
