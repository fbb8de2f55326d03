import { Netmask } from "netmask";
import { privateRanges } from "../facts/networks.ts";

/** Addresses that AWS reserves in every subnet. Source: VPC user guide, subnet sizing (2026-11). */
const keptByAws = 5;

const known = new Map<string, Netmask>();

/** A block by its text: a search for a free block compares the same ones thousands of times. */
function parsed(cidr: string): Netmask {
  const before = known.get(cidr);
  if (before !== undefined) return before;
  const block = new Netmask(cidr);
  known.set(cidr, block);
  return block;
}

/** Whether two blocks share an address. Blocks cannot overlap partially: one contains the other. */
export function overlaps(one: string, other: string): boolean {
  return within(one, other) || within(other, one);
}

/** Whether the inner block lies in the outer one, or is the same. */
export function within(inner: string, outer: string): boolean {
  const [a, b] = [parsed(inner), parsed(outer)];
  return a.bitmask >= b.bitmask && (a.netLong & b.maskLong) >>> 0 === b.netLong;
}

/** `prefixLength("10.40.0.0/16")` → 16. */
export function prefixLength(cidr: string): number {
  return parsed(cidr).bitmask;
}

/** Addresses of a block with this prefix length: `addressCount(28)` → 16. */
export function addressCount(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Addresses of a subnet available to nodes and endpoints. */
export function usableAddresses(prefix: number): number {
  return Math.max(0, addressCount(prefix) - keptByAws);
}

/** The block of this prefix length and index, counted from the start: `blockFromStart("10.40.0.0/16", 20, 1)` → 10.40.16.0/20. */
export function blockFromStart(cidr: string, prefix: number, index: number): string {
  return new Netmask(`${parsed(cidr).base}/${prefix}`).next(index).toString();
}

/** The block of this prefix length and index, counted from the end: `blockFromEnd("10.40.0.0/16", 28, 0)` → 10.40.255.240/28. */
export function blockFromEnd(cidr: string, prefix: number, index: number): string {
  return blockFromStart(cidr, prefix, addressCount(prefixLength(cidr)) / addressCount(prefix) - 1 - index);
}

/** Largest block of one organization on the internet: registries never assigned more than a /8. */
const shortestPrefix = 8;

/** Addresses without a gap, and the ranges that they come from. */
interface Run {
  readonly first: number;
  readonly last: number;
  readonly cidrs: readonly string[];
}

/**
 * Ranges that are open to everyone, or to more of the internet than one organization has, in groups that are adjacent or nested:
 * half of the internet is half of it, however it is divided. Private ranges do not count.
 */
export function openRanges(cidrs: readonly string[]): (readonly string[])[] {
  return runs(cidrs.filter((cidr) => !privateRanges.some((range) => within(cidr, range))))
    .filter(({ first, last }) => last - first + 1 > addressCount(shortestPrefix))
    .map((run) => largest(run.cidrs));
}

/** Whether the ranges hold every IPv4 address there is. */
export function holdEverything(cidrs: readonly string[]): boolean {
  const [run] = runs(cidrs);
  return run !== undefined && run.last - run.first + 1 === addressCount(0);
}

/** The ranges that no other one contains. */
function largest(cidrs: readonly string[]): readonly string[] {
  const distinct = [...new Set(cidrs)];
  return distinct.filter((cidr) => !distinct.some((other) => other !== cidr && within(cidr, other)));
}

function runs(cidrs: readonly string[]): Run[] {
  const done: Run[] = [];
  for (const block of cidrs.map(blockOf).toSorted((one, other) => one.first - other.first)) {
    const before = done.at(-1);
    if (before === undefined || block.first > before.last + 1) done.push(block);
    else done[done.length - 1] = joined(before, block);
  }
  return done;
}

function joined(one: Run, other: Run): Run {
  return {
    first: one.first,
    last: Math.max(one.last, other.last),
    cidrs: [...one.cidrs, ...other.cidrs],
  };
}

function blockOf(cidr: string): Run {
  const first = parsed(cidr).netLong;
  return { first, last: first + addressCount(prefixLength(cidr)) - 1, cidrs: [cidr] };
}
