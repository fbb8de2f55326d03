import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressesAtEnd,
  allInstanceTypes,
  chooseZones,
  firstLoadBalancerBlocks,
  planSubnets,
  type ZoneRequest,
} from "../../../../components/specs/subnets.ts";
import { blockFromEnd, overlaps, within } from "../../../../components/values/cidr.ts";
import { settings } from "../../../support/settings.ts";

const zones = [
  { name: "us-east-1a", id: "use1-az3" },
  { name: "us-east-1b", id: "use1-az1" },
  { name: "us-east-1c", id: "use1-az2" },
  { name: "us-east-1d", id: "use1-az4" },
];
const everything = ["m7i.large", "g5.xlarge"];
const request: ZoneRequest = {
  zones,
  offerings: {
    "us-east-1a": everything,
    "us-east-1b": ["m7i.large"],
    "us-east-1c": everything,
    "us-east-1d": everything,
  },
  wanted: undefined,
  instanceTypes: ["m7i.large"],
};

describe("chooseZones", () => {
  it.each([
    {
      name: "the first zone that takes a control plane",
      changes: {},
      node: ["us-east-1b"],
      control: ["us-east-1b", "us-east-1c"],
    },
    {
      name: "the first zone that offers every type",
      changes: { instanceTypes: everything },
      node: ["us-east-1c"],
      control: ["us-east-1c", "us-east-1b"],
    },
    {
      name: "the zones that the settings name, in their order",
      changes: { wanted: ["us-east-1d", "us-east-1b"] },
      node: ["us-east-1d", "us-east-1b"],
      control: ["us-east-1d", "us-east-1b"],
    },
    {
      name: "an excluded zone for nodes, but not for the control plane",
      changes: { wanted: ["us-east-1a"] },
      node: ["us-east-1a"],
      control: ["us-east-1b", "us-east-1c"],
    },
    {
      name: "no zone when none offers the types",
      changes: { instanceTypes: ["x"] },
      node: [],
      control: ["us-east-1b", "us-east-1c"],
    },
    {
      name: "one zone for the control plane where there is no other",
      changes: { zones: zones.slice(0, 2) },
      node: ["us-east-1b"],
      control: ["us-east-1b"],
    },
  ])("takes $name", ({ changes, node, control }) => {
    expect(chooseZones({ ...request, ...changes })).toEqual({ nodeZones: node, controlPlaneZones: control });
  });

  it("keeps the control plane's zones when a node zone is added", () => {
    const before = chooseZones({ ...request, wanted: ["us-east-1b"] });
    const after = chooseZones({ ...request, wanted: ["us-east-1b", "us-east-1d"] });

    expect(after.controlPlaneZones).toEqual(before.controlPlaneZones);
  });
});

describe("planSubnets", () => {
  const base = {
    vpcCidr: "10.40.0.0/16",
    nodePrefix: 20,
    natGateway: "Single",
    loadBalancers: false,
    nodeZones: ["eu-west-1a"],
    controlPlaneZones: ["eu-west-1a", "eu-west-1b"],
  } as const;

  it("puts nodes at the start of the VPC and the small subnets at its end", () => {
    expect(planSubnets(base)).toEqual({
      nodeSubnets: [{ zone: "eu-west-1a", cidr: "10.40.0.0/20" }],
      controlPlaneSubnets: [
        { zone: "eu-west-1a", cidr: "10.40.255.240/28" },
        { zone: "eu-west-1b", cidr: "10.40.255.224/28" },
      ],
      natSubnets: [{ zone: "eu-west-1a", cidr: "10.40.255.208/28" }],
      loadBalancerSubnets: [],
    });
  });

  it("gives every node zone the next block", () => {
    const nodeZones = ["eu-west-1c", "eu-west-1a", "eu-west-1b"];

    expect(planSubnets({ ...base, nodePrefix: 22, nodeZones }).nodeSubnets).toEqual([
      { zone: "eu-west-1c", cidr: "10.40.0.0/22" },
      { zone: "eu-west-1a", cidr: "10.40.4.0/22" },
      { zone: "eu-west-1b", cidr: "10.40.8.0/22" },
    ]);
  });

  it("moves nothing when a node zone is added", () => {
    const before = planSubnets(base);
    const after = planSubnets({ ...base, nodeZones: ["eu-west-1a", "eu-west-1b"] });

    expect(after.nodeSubnets[0]).toEqual(before.nodeSubnets[0]);
    expect(after.controlPlaneSubnets).toEqual(before.controlPlaneSubnets);
    expect(after.natSubnets).toEqual(before.natSubnets);
  });

  it.each([
    ["Single", ["eu-west-1a 10.40.255.208/28"]],
    ["None", []],
    [
      "PerZone",
      ["eu-west-1a 10.40.255.208/28", "eu-west-1b 10.40.255.192/28", "eu-west-1c 10.40.255.112/28"],
    ],
  ] as const)("puts gateways of %s into %j", (natGateway, expected) => {
    const nodeZones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
    const { natSubnets } = planSubnets({ ...base, natGateway, nodeZones });

    expect(natSubnets.map(({ zone, cidr }) => `${zone} ${cidr}`)).toEqual(expected);
  });

  it.each([
    [["eu-west-1a"], ["eu-west-1a 10.40.255.160/27", "eu-west-1b 10.40.255.128/27"]],
    [
      ["eu-west-1a", "eu-west-1c"],
      ["eu-west-1a 10.40.255.160/27", "eu-west-1b 10.40.255.128/27", "eu-west-1c 10.40.255.32/27"],
    ],
  ])(
    "puts load balancers of nodes in %j into %j, the first two in one block of theirs",
    (nodeZones, expected) => {
      const { loadBalancerSubnets, natSubnets } = planSubnets({ ...base, loadBalancers: true, nodeZones });
      const { prefix, index } = firstLoadBalancerBlocks;
      const block = blockFromEnd(base.vpcCidr, prefix, index);

      expect(loadBalancerSubnets.map(({ zone, cidr }) => `${zone} ${cidr}`)).toEqual(expected);
      expect(loadBalancerSubnets.filter(({ cidr }) => within(cidr, block))).toHaveLength(2);
      expect(natSubnets.filter(({ cidr }) => within(cidr, block))).toEqual([]);
    },
  );

  it("never lets two subnets overlap or leave the VPC, whatever fits", () => {
    const plan = fc.record({
      vpcPrefix: fc.integer({ min: 16, max: 24 }),
      nodePrefix: fc.integer({ min: 17, max: 28 }),
      count: fc.integer({ min: 1, max: 6 }),
      natGateway: fc.constantFrom("PerZone" as const, "Single" as const, "None" as const),
      loadBalancers: fc.boolean(),
    });
    fc.assert(
      fc.property(plan, ({ vpcPrefix, nodePrefix, count, natGateway, loadBalancers }) => {
        const atEnd = addressesAtEnd({ natGateway, loadBalancers, nodeZoneCount: count });
        fc.pre(count * 2 ** (32 - nodePrefix) <= 2 ** (32 - vpcPrefix) - atEnd);
        const vpcCidr = `10.40.0.0/${vpcPrefix}`;
        const nodeZones = Array.from({ length: count }, (_, index) => `zone-${index}`);
        const { nodeSubnets, controlPlaneSubnets, natSubnets, loadBalancerSubnets } = planSubnets({
          ...base,
          vpcCidr,
          nodePrefix,
          natGateway,
          loadBalancers,
          nodeZones,
        });
        const cidrs = [...nodeSubnets, ...controlPlaneSubnets, ...natSubnets, ...loadBalancerSubnets].map(
          ({ cidr }) => cidr,
        );
        const clash = cidrs.some((one, index) =>
          cidrs.slice(index + 1).some((other) => overlaps(one, other)),
        );
        expect([clash, cidrs.every((cidr) => within(cidr, vpcCidr))]).toEqual([false, true]);
      }),
    );
  });
});

it("allInstanceTypes names every type once", () => {
  const { nodePools } = settings({
    nodePools: { a: { instanceTypes: ["m7i.large", "m6i.large"] }, b: { instanceTypes: ["m7i.large"] } },
  });

  expect(allInstanceTypes(nodePools)).toEqual(["m7i.large", "m6i.large"]);
});
