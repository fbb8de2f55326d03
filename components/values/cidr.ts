import { Netmask } from "netmask";

/** Addresses that AWS keeps in every subnet. Source: VPC user guide, subnet sizing (2026-11). */
const keptByAws = 5;

/** Whether two blocks share an address. Two blocks never cross: one then lies in the other. */
export function overlaps(one: string, other: string): boolean {
  return within(one, other) || within(other, one);
}

/** Whether the inner block lies in the outer one, or is the same. */
export function within(inner: string, outer: string): boolean {
  return new Netmask(outer).contains(new Netmask(inner));
}

/** `prefixLength("10.40.0.0/16")` → 16. */
export function prefixLength(cidr: string): number {
  return new Netmask(cidr).bitmask;
}

/** Addresses of a block with this prefix length: `addressCount(28)` → 16. */
export function addressCount(prefix: number): number {
  return 2 ** (32 - prefix);
}

/** Addresses of a subnet that nodes and endpoints can have. */
export function usableAddresses(prefix: number): number {
  return Math.max(0, addressCount(prefix) - keptByAws);
}

/** The block of this prefix length and index, counted from the start: `blockFromStart("10.40.0.0/16", 20, 1)` → 10.40.16.0/20. */
export function blockFromStart(cidr: string, prefix: number, index: number): string {
  return new Netmask(`${new Netmask(cidr).base}/${prefix}`).next(index).toString();
}

/** The block of this prefix length and index, counted from the end: `blockFromEnd("10.40.0.0/16", 28, 0)` → 10.40.255.240/28. */
export function blockFromEnd(cidr: string, prefix: number, index: number): string {
  return blockFromStart(cidr, prefix, addressCount(prefixLength(cidr)) / addressCount(prefix) - 1 - index);
}
