import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ExistingSubnet, Surroundings } from "../../../../components/settings/settings.ts";
import { overlaps } from "../../../../components/values/cidr.ts";
import { surroundingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

type Existing = NonNullable<Surroundings["existing"]>;

const network = {
  existing: {
    vpcId: "vpc-0a1b2c3d",
    controlPlaneSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
    nodeSubnetIds: ["subnet-0000000c"],
  },
};

function subnet(id: string, changes: Partial<ExistingSubnet> = {}): ExistingSubnet {
  return {
    id,
    vpcId: "vpc-0a1b2c3d",
    zone: "eu-west-1a",
    zoneId: "euw1-az1",
    cidr: "10.8.0.0/24",
    ...changes,
  };
}

const inOtherZone = { zone: "eu-west-1b", zoneId: "euw1-az2", cidr: "10.8.1.0/24" };
const sound: Existing = {
  vpcCidr: "10.8.0.0/16",
  secondaryCidrs: [],
  dnsSupport: true,
  dnsHostnames: true,
  controlPlaneSubnets: [subnet("subnet-0000000a"), subnet("subnet-0000000b", inOtherZone)],
  nodeSubnets: [subnet("subnet-0000000c", { cidr: "10.8.2.0/24" })],
};

function lines(
  changes: Partial<Existing>,
  settings: SettingsChange = {},
  found: Partial<Surroundings> = {},
): string[] {
  return surroundingsLines({ network, ...settings }, { existing: { ...sound, ...changes }, ...found });
}

describe("an existing network", () => {
  it("is accepted when it fits", () => {
    expect(lines({})).toEqual([]);
  });

  it("is one VPC: its control-plane subnets belong to it", () => {
    const controlPlaneSubnets = [
      subnet("subnet-0000000a"),
      subnet("subnet-0000000b", { ...inOtherZone, vpcId: "vpc-1" }),
    ];

    expect(lines({ controlPlaneSubnets })).toEqual([
      "network.existing.controlPlaneSubnetIds[1]: subnet-0000000b is in vpc-1; network.existing.vpcId is vpc-0a1b2c3d. Use a subnet of that VPC, or correct vpcId.",
    ]);
  });

  it("is one VPC: its node subnets belong to it", () => {
    expect(lines({ nodeSubnets: [subnet("subnet-0000000c", { vpcId: "vpc-1" })] })).toEqual([
      "network.existing.nodeSubnetIds[0]: subnet-0000000c is in vpc-1; network.existing.vpcId is vpc-0a1b2c3d. Use a subnet of that VPC, or correct vpcId.",
    ]);
  });

  it("needs two zones for the control plane", () => {
    expect(lines({ controlPlaneSubnets: [subnet("subnet-0000000a"), subnet("subnet-0000000b")] })).toEqual([
      "network.existing.controlPlaneSubnetIds: all subnets are in eu-west-1a; EKS needs two zones. Add a subnet in another zone.",
    ]);
  });

  it("keeps the control plane out of the zones that EKS excludes", () => {
    const excluded = subnet("subnet-0000000b", { zone: "us-east-1e", zoneId: "use1-az3" });
    const zones = [
      { name: "eu-west-1a", id: "euw1-az1" },
      { name: "us-east-1e", id: "use1-az3" },
    ];

    expect(lines({ controlPlaneSubnets: [subnet("subnet-0000000a"), excluded] }, {}, { zones })).toEqual([
      "network.existing.controlPlaneSubnetIds[1]: subnet-0000000b is in us-east-1e (use1-az3); EKS does not accept control-plane subnets in that zone. Use a subnet in another zone.",
    ]);
  });

  it("holds every node during an update", () => {
    expect(lines({ nodeSubnets: [subnet("subnet-0000000c", { cidr: "10.8.2.0/29" })] })).toEqual([
      "network.existing.nodeSubnetIds: 1 node subnet (/29) can hold 3 nodes; the pools may have 6 during updates: max, plus one in 3. Use larger subnets, or lower the pools' max.",
    ]);
  });

  it("holds them in all its node subnets together", () => {
    const small = { cidr: "10.8.2.0/29" };
    const nodeSubnets = [subnet("subnet-0000000c", small), subnet("subnet-0000000d", small)];

    expect(lines({ nodeSubnets })).toEqual([]);
  });

  it("is apart from services and pods, with proposals that are free", () => {
    expect(lines({ vpcCidr: "192.168.0.0/16" })).toEqual([
      "calico.podCidr: 192.168.0.0/16 overlaps the range of vpc-0a1b2c3d (192.168.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 172.24.0.0/16.",
    ]);
    expect(lines({ vpcCidr: "172.20.0.0/16" })).toEqual([
      "cluster.serviceCidr: 172.20.0.0/16 overlaps the range of vpc-0a1b2c3d (172.20.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 10.100.0.0/16.",
    ]);
  });

  it("opts out of DSR as a whole or not at all", () => {
    expect(lines({}, { calico: { dsrOptOutCidrs: ["10.8.0.0/20"] } })).toEqual([
      "calico.dsrOptOutCidrs[0]: 10.8.0.0/20 is part of the range of vpc-0a1b2c3d (10.8.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 10.8.0.0/16, or a range outside it.",
    ]);
    expect(lines({}, { calico: { dsrOptOutCidrs: ["10.8.0.0/16"] } })).toEqual([]);
  });

  it("is apart from services and pods with the ranges that were added to it, too", () => {
    expect(lines({ secondaryCidrs: ["100.64.0.0/16", "192.168.64.0/18"] })).toEqual([
      "calico.podCidr: 192.168.0.0/16 overlaps a secondary range of vpc-0a1b2c3d (192.168.64.0/18); VPC, services and pods need separate ranges. Choose another range, such as 172.24.0.0/16.",
    ]);
    expect(lines({ secondaryCidrs: ["100.64.0.0/16", "172.21.0.0/16"] })).toEqual([]);
  });

  it("opts out of DSR with a secondary range as a whole or not at all", () => {
    const secondaryCidrs = ["100.64.0.0/16"];

    expect(lines({ secondaryCidrs }, { calico: { dsrOptOutCidrs: ["100.64.8.0/24"] } })).toEqual([
      "calico.dsrOptOutCidrs[0]: 100.64.8.0/24 is part of a secondary range of vpc-0a1b2c3d (100.64.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 100.64.0.0/16, or a range outside it.",
    ]);
    expect(lines({ secondaryCidrs }, { calico: { dsrOptOutCidrs: secondaryCidrs } })).toEqual([]);
  });

  // Of one size, so that they do not overlap each other: AWS lets no two ranges of a VPC do that.
  const block = fc
    .tuple(fc.constantFrom("100.64", "10.9", "172.20", "172.21", "192.168"), fc.nat(3))
    .map(([start, quarter]) => `${start}.${quarter * 64}.0/18`);

  it("is refused exactly when one of its ranges overlaps services or pods", () => {
    fc.assert(
      fc.property(fc.uniqueArray(block, { maxLength: 4 }), (secondaryCidrs) => {
        const overlap = secondaryCidrs.flatMap((cidr) =>
          ["172.20.0.0/16", "192.168.0.0/16"].filter((range) => overlaps(cidr, range)),
        );

        expect(lines({ secondaryCidrs })).toHaveLength(overlap.length);
      }),
    );
  });

  const modify = "aws ec2 modify-vpc-attribute --vpc-id vpc-0a1b2c3d";

  it.each([
    [{ dnsSupport: false }, "vpc-0a1b2c3d has DNS support off", `${modify} --enable-dns-support`],
    [{ dnsHostnames: false }, "vpc-0a1b2c3d has DNS hostnames off", `${modify} --enable-dns-hostnames`],
    [
      { dnsSupport: false, dnsHostnames: false },
      "vpc-0a1b2c3d has DNS support and DNS hostnames off",
      `${modify} --enable-dns-support, then ${modify} --enable-dns-hostnames`,
    ],
  ])("resolves the private endpoint's name: not with %j", (changes, found, commands) => {
    expect(lines(changes)).toEqual([
      `network.existing.vpcId: ${found}; the private endpoint's name resolves only with both on. Run ${commands}.`,
    ]);
  });

  const local = { zone: "eu-west-1-loc-1a", zoneId: "euw1-loc1-az1" };
  const wavelength = { zone: "eu-west-1-wl1-loc-wlz-1", zoneId: "euw1-wl1-loc-wlz1" };

  it.each([local, wavelength])("keeps the control plane out of $zone", (zone) => {
    const controlPlaneSubnets = [subnet("subnet-0000000a"), subnet("subnet-0000000b", zone)];

    expect(lines({ controlPlaneSubnets })).toEqual([
      `network.existing.controlPlaneSubnetIds[1]: subnet-0000000b is in ${zone.zone} (${zone.zoneId}); EKS accepts control-plane subnets in availability zones only, not in Local or Wavelength Zones. Use a subnet in an availability zone.`,
    ]);
  });

  it("may have nodes in a Local Zone, but not in a Wavelength Zone", () => {
    const nodesIn = (zone: { readonly zone: string; readonly zoneId: string }) =>
      lines(
        { nodeSubnets: [subnet("subnet-0000000c", zone)] },
        {},
        { offerings: { [zone.zone]: ["m7i.large"] } },
      );

    expect(nodesIn(local)).toEqual([]);
    expect(nodesIn(wavelength)).toEqual([
      "network.existing.nodeSubnetIds[0]: subnet-0000000c is in the Wavelength Zone eu-west-1-wl1-loc-wlz-1; EKS does not create managed node groups there. Use a subnet in an availability zone.",
    ]);
  });

  it("offers the types in the zones of its node subnets", () => {
    const nodeSubnets = [subnet("subnet-0000000c", { zone: "eu-west-1z" })];

    expect(lines({ nodeSubnets })).toEqual([
      "nodePools.default.instanceTypes[0]: eu-west-1z does not offer m7i.large; nodes start in eu-west-1z. Use another type, or a zone that offers it (eu-west-1a, eu-west-1b, eu-west-1c).",
    ]);
  });
});
