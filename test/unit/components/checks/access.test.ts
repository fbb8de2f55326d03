import { describe, expect, it } from "vitest";
import { newNetworkProblems } from "../../../../components/checks/access.ts";
import { settingsLines, surroundingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";
import { settings, surroundings } from "../../../support/settings.ts";

type Cluster = NonNullable<SettingsChange["cluster"]>;

const role = "arn:aws:iam::111122223333:role/platform";

const refused: readonly { name: string; cluster: Cluster; lines: readonly string[] }[] = [
  {
    name: "everybody, without saying so",
    cluster: { publicAccessCidrs: ["198.18.0.7/32", "0.0.0.0/0"] },
    lines: [
      "cluster.publicAccessCidrs[1]: 0.0.0.0/0 opens the API server to the internet; this must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    name: "everybody, in two halves",
    cluster: { publicAccessCidrs: ["128.0.0.0/1", "0.0.0.0/1"] },
    lines: [
      "cluster.publicAccessCidrs[1]: 0.0.0.0/1 and 128.0.0.0/1 together open the API server to the internet; this must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    name: "everybody, in four quarters and a part of one",
    cluster: {
      publicAccessCidrs: ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2", "198.18.0.7/32"],
    },
    lines: [
      "cluster.publicAccessCidrs[0]: 0.0.0.0/2, 64.0.0.0/2, 128.0.0.0/2 and 192.0.0.0/2 together open the API server to the internet; this must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    name: "half of everybody",
    cluster: { publicAccessCidrs: ["128.0.0.0/1"] },
    lines: [
      "cluster.publicAccessCidrs[0]: 128.0.0.0/1 is larger than a /8; access from more than one organization's addresses must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    name: "two neighbours that are more than a /8",
    cluster: { publicAccessCidrs: ["16.0.0.0/8", "198.18.0.7/32", "17.0.0.0/8"] },
    lines: [
      "cluster.publicAccessCidrs[0]: 16.0.0.0/8 and 17.0.0.0/8 together are more than a /8; access from more than one organization's addresses must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    name: "private addresses at the public endpoint",
    cluster: { publicAccessCidrs: ["10.1.0.96/27"] },
    lines: [
      "cluster.publicAccessCidrs[0]: 10.1.0.96/27 contains private addresses; the public endpoint sees public addresses only, and EKS refuses private ones. Write your network's public address, or remove it: the VPC uses the private endpoint.",
    ],
  },
  {
    name: "addresses for documentation at the public endpoint, and not their neighbours",
    cluster: {
      publicAccessCidrs: [
        "203.0.113.7/32",
        "203.0.112.0/24",
        "198.51.100.0/24",
        "192.0.2.128/25",
        "203.0.112.0/23",
      ],
    },
    lines: [
      "cluster.publicAccessCidrs[0]: 203.0.113.7/32 is reserved for documentation; EKS refuses it, and no client has such an address. Write the public address of the machine that runs Pulumi, as https://checkip.amazonaws.com shows it, with /32.",
      "cluster.publicAccessCidrs[2]: 198.51.100.0/24 is reserved for documentation; EKS refuses it, and no client has such an address. Write the public address of the machine that runs Pulumi, as https://checkip.amazonaws.com shows it, with /32.",
      "cluster.publicAccessCidrs[3]: 192.0.2.128/25 is reserved for documentation; EKS refuses it, and no client has such an address. Write the public address of the machine that runs Pulumi, as https://checkip.amazonaws.com shows it, with /32.",
    ],
  },
  {
    name: "private access of more than a private network, whatever half it is",
    cluster: { privateAccessCidrs: ["0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/8", "8.0.0.0/7"] },
    lines: [
      "cluster.privateAccessCidrs[0]: 0.0.0.0/0 is larger than any private network; the rule opens the API server to all of it. List the clients' ranges, such as 10.60.0.0/16.",
      "cluster.privateAccessCidrs[1]: 128.0.0.0/1 is larger than any private network; the rule opens the API server to all of it. List the clients' ranges, such as 10.60.0.0/16.",
      "cluster.privateAccessCidrs[3]: 8.0.0.0/7 is larger than any private network; the rule opens the API server to all of it. List the clients' ranges, such as 10.60.0.0/16.",
    ],
  },
  {
    name: "private access twice",
    cluster: {
      privateAccessCidrs: ["10.60.0.0/16", "10.61.0.0/16", "10.60.0.0/16"],
      privateAccessSecurityGroupIds: ["sg-0a1b2c3d", "sg-0a1b2c3d"],
    },
    lines: [
      "cluster.privateAccessCidrs[2]: 10.60.0.0/16 is listed twice; EC2 accepts one rule for each. Remove one.",
      "cluster.privateAccessSecurityGroupIds[1]: sg-0a1b2c3d is listed twice; EC2 accepts one rule for each. Remove one.",
    ],
  },
  {
    name: "an admin twice",
    cluster: { admins: [role, role] },
    lines: [
      "cluster.admins[1]: arn:aws:iam::111122223333:role/platform is listed twice; EKS accepts one access entry for each. Remove one.",
    ],
  },
];

const accepted: readonly { name: string; cluster: Cluster }[] = [
  { name: "everybody, by name", cluster: { publicAccessCidrs: ["0.0.0.0/0"], allowPublicAnywhere: true } },
  {
    name: "everybody in two halves, by name",
    cluster: { publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"], allowPublicAnywhere: true },
  },
  { name: "two /8 apart from each other", cluster: { publicAccessCidrs: ["16.0.0.0/8", "18.0.0.0/8"] } },
  {
    name: "the two halves of a /8, and a part of one",
    cluster: { publicAccessCidrs: ["16.0.0.0/9", "16.128.0.0/9", "16.3.0.0/16"] },
  },
  { name: "the private endpoint only", cluster: { publicAccessCidrs: [] } },
  { name: "public addresses next to private ones", cluster: { publicAccessCidrs: ["11.0.0.0/8"] } },
  {
    name: "private access of every private network, and of a part of one",
    cluster: {
      privateAccessCidrs: ["10.0.0.0/8", "10.60.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
      privateAccessSecurityGroupIds: ["sg-0a1b2c3d", "sg-0a1b2c3e"],
    },
  },
  { name: "two admins", cluster: { admins: [role, `${role}-2`] } },
];

describe("access", () => {
  it.each(refused)("is refused: $name", ({ cluster, lines }) => {
    expect(settingsLines({ cluster })).toEqual(lines);
  });

  it.each(accepted)("is accepted: $name", ({ cluster }) => {
    expect(settingsLines({ cluster })).toEqual([]);
  });
});

describe("a security group for the private endpoint", () => {
  const cluster = { privateAccessSecurityGroupIds: ["sg-0a1b2c3d"] };
  const existing = {
    vpcId: "vpc-0a1b2c3d",
    controlPlaneSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
    nodeSubnetIds: ["subnet-0000000c"],
  };
  const previous = { kubernetesVersion: "1.35", calicoVersion: "3.32.4" };

  it("cannot be in a VPC that is yet to be made", () => {
    expect(surroundingsLines({ cluster })).toEqual([
      "cluster.privateAccessSecurityGroupIds[0]: sg-0a1b2c3d cannot be in the VPC or in a VPC peered with it; this `pulumi up` creates the VPC. Use an existing network (network.existing), or add the group once the VPC exists.",
    ]);
  });

  it("can be in one that is there", () => {
    const found = { previous };

    expect(surroundingsLines({ cluster }, found)).toEqual([]);
    expect(newNetworkProblems(settings({ cluster, network: { existing } }), surroundings())).toEqual([]);
  });
});
