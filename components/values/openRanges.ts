import { Netmask } from "netmask";
import { privateRanges } from "../facts/reservedRanges.ts";
import { addressCount, prefixLength, within } from "./cidr.ts";

/** Largest block that one organisation on the internet has: the registries gave out nothing larger than a /8. */
const shortestPrefix = 8;

/** Addresses without a gap, and the ranges that they come from. */
interface Run {
  readonly first: number;
  readonly last: number;
  readonly cidrs: readonly string[];
}

/**
 * Ranges that are open to everyone, or to far more of the internet than belongs to anyone, in groups that lie next to or in
 * each other: however it is divided, half of the internet is half of it. Private ranges do not count.
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

/** The ranges that no other one holds. */
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
  const first = new Netmask(cidr).netLong;
  return { first, last: first + addressCount(prefixLength(cidr)) - 1, cidrs: [cidr] };
}
