import { createHash } from "node:crypto";
import { freeAddresses, freePrefixes } from "./addresses.ts";
import type { AwsObject, Cloud, Row } from "./model.ts";
import { toSecurityGroup, toSubnet } from "./references.ts";
import { types } from "./types.ts";
import { text, texts } from "./values.ts";

interface Attachment {
  readonly id: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
}

/**
 * Makes the network interface of something with an address. It is what keeps subnets and security groups from being
 * deleted, so that one rule serves NAT gateways, endpoints, control planes and nodes.
 */
export function attachInterface(
  cloud: Cloud,
  owner: AwsObject,
  { id, subnetId, securityGroupIds }: Attachment,
): AwsObject {
  const subnet = cloud.find(types.subnet, subnetId);
  const free = subnet === undefined ? [] : freeAddresses(cloud, subnet);
  const privateIp = free[hasVpcCni(cloud) ? anywhere(id, free.length) : 0] ?? "";
  return cloud.addManaged({
    type: types.networkInterface,
    id,
    urn: owner.urn,
    owner,
    inputs: { subnetId, securityGroups: [...securityGroupIds], privateIp },
  });
}

/** Only there it matters that EC2 takes any address of a subnet; elsewhere the lowest one is easier to read. */
function hasVpcCni(cloud: Cloud): boolean {
  return cloud.ofType(types.addon).some(({ inputs }) => text(inputs, "addonName") === "vpc-cni");
}

/** A place among this many that looks like chance, the same for the same id. */
function anywhere(id: string, count: number): number {
  return count === 0 ? 0 : createHash("sha256").update(id).digest().readUInt32BE() % count;
}

/**
 * Gives an interface as many prefixes as it lacks.
 * @returns EC2's refusal; undefined: it has them
 */
export function takePrefixes(
  cloud: Pick<Cloud, "find" | "ofType">,
  networkInterface: AwsObject,
  count: number,
): string | undefined {
  const { inputs } = networkInterface;
  const had = texts(inputs, "ipv4Prefixes");
  if (had.length >= count) return undefined;
  const subnet = cloud.find(types.subnet, text(inputs, "subnetId"));
  const free = subnet === undefined ? [] : freePrefixes(cloud, subnet);
  const ipv4Prefixes = [...had, ...free.slice(0, count - had.length)];
  networkInterface.inputs = { ...inputs, ipv4Prefixes };
  return ipv4Prefixes.length < count
    ? `InsufficientCidrBlocks: The specified subnet ${subnet?.id} does not have enough free cidr blocks to satisfy the request`
    : undefined;
}

/** The interfaces that AWS made for something. */
export function interfacesOf(cloud: Pick<Cloud, "ofType">, ownerKey: string): AwsObject[] {
  return cloud.ofType(types.networkInterface).filter(({ ownedBy }) => ownedBy === ownerKey);
}

/** Created by AWS only: the program registers none. */
export const networkInterfaceRows: readonly Row[] = [
  {
    type: types.networkInterface,
    requires: ["subnetId"],
    allows: ["securityGroups", "privateIp", "ipv4Prefixes", "attachment"],
    references: [
      { property: "subnetId", ...toSubnet, onDelete: "prevents" },
      { property: "securityGroups", ...toSecurityGroup, onDelete: "prevents" },
    ],
    id: "eni",
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `network-interface/${id}`),
      privateDnsName: ({ cloud, inputs }) => privateDnsName(cloud.region, text(inputs, "privateIp")),
    },
  },
];

/** The name that EC2 gives an address; us-east-1 has an older form than all other regions. */
export function privateDnsName(region: string, ip: string): string {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return `ip-${ip.replaceAll(".", "-")}.${domain}`;
}
