import type { AwsObject, Cloud } from "./model.ts";
import { types } from "./types.ts";
import { text, texts } from "./values.ts";

/** Addresses that AWS keeps at the start of a subnet: network, router, DNS, reserve. It keeps the last one too. */
const keptAtStart = 4;

interface Range {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

function toNumber(ip: string): number | undefined {
  const parts = ip.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

/** The range of `10.0.0.0/16`; undefined for anything else, host bits included. */
function range(cidr: string): Range | undefined {
  const [, base = "", bits = ""] = /^([\d.]+)\/(\d|[12]\d|3[0-2])$/.exec(cidr) ?? [];
  const first = toNumber(base);
  const size = 2 ** (32 - Number(bits));
  if (first === undefined || first % size !== 0) return undefined;
  return { first, last: first + size - 1, prefix: Number(bits) };
}

export function isCidr(cidr: string): boolean {
  return range(cidr) !== undefined;
}

/** Whether it is a range of the sizes that a VPC and a subnet may have. */
export function isVpcSized(cidr: string): boolean {
  const { prefix } = range(cidr) ?? { prefix: 0 };
  return prefix >= 16 && prefix <= 28;
}

export function containsCidr(outer: string, inner: string): boolean {
  const [outside, inside] = [range(outer), range(inner)];
  if (outside === undefined || inside === undefined) return false;
  return outside.first <= inside.first && inside.last <= outside.last;
}

export function containsAddress(cidr: string, ip: string): boolean {
  return containsCidr(cidr, `${ip}/32`);
}

/** Two ranges overlap exactly when one contains the other. */
export function overlap(a: string, b: string): boolean {
  return containsCidr(a, b) || containsCidr(b, a);
}

/** Addresses of a prefix that EC2 assigns to a network interface. */
const prefixSize = 16;

/** Free addresses of a subnet, lowest first. */
export function freeAddresses(cloud: Pick<Cloud, "ofType">, subnet: AwsObject): string[] {
  const { first, last } = range(text(subnet.inputs, "cidrBlock")) ?? { first: 0, last: -1 };
  const { addresses, blocks } = takenIn(cloud, subnet);
  const count = Math.max(0, last - first - keptAtStart);
  return Array.from({ length: count }, (_, index) => first + keptAtStart + index)
    .filter((address) => !addresses.has(address) && !blocks.has(blockOf(address)))
    .map(toAddress);
}

/** Prefixes that EC2 can still assign in a subnet, lowest first: blocks of /28 in which no address is taken or kept by AWS. */
export function freePrefixes(cloud: Pick<Cloud, "ofType">, subnet: AwsObject): string[] {
  const { first, last } = range(text(subnet.inputs, "cidrBlock")) ?? { first: 0, last: -1 };
  const { addresses, blocks } = takenIn(cloud, subnet);
  const broken = new Set([...blocks, ...[first, last, ...addresses].map(blockOf)]);
  const count = Math.floor((last - first + 1) / prefixSize);
  return Array.from({ length: count }, (_, index) => blockOf(first) + index)
    .filter((block) => !broken.has(block))
    .map((block) => `${toAddress(block * prefixSize)}/28`);
}

/** Addresses and whole blocks of /28, by number, that the interfaces in a subnet have. */
function takenIn(cloud: Pick<Cloud, "ofType">, subnet: AwsObject) {
  const inputs = cloud
    .ofType(types.networkInterface)
    .map((one) => one.inputs)
    .filter((one) => text(one, "subnetId") === subnet.id);
  const numbers = (ips: readonly string[]) => ips.flatMap((ip) => toNumber(ip) ?? []);
  const prefixes = inputs
    .flatMap((one) => texts(one, "ipv4Prefixes"))
    .map((cidr) => cidr.split("/")[0] ?? "");
  return {
    addresses: new Set(numbers(inputs.map((one) => text(one, "privateIp")))),
    blocks: new Set(numbers(prefixes).map(blockOf)),
  };
}

function blockOf(address: number): number {
  return Math.floor(address / prefixSize);
}
