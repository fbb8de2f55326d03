import { freeAddresses } from "./addresses.ts";
import type { AwsObject, Cloud, Row } from "./model.ts";
import { toSecurityGroup, toSubnet } from "./references.ts";
import { types } from "./types.ts";
import { text } from "./values.ts";

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
  const [privateIp = ""] = subnet === undefined ? [] : freeAddresses(cloud, subnet);
  return cloud.addManaged({
    type: types.networkInterface,
    id,
    urn: owner.urn,
    owner,
    inputs: { subnetId, securityGroups: [...securityGroupIds], privateIp },
  });
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
