import { describe, expect, it } from "vitest";
import {
  type CostItem,
  costAssumptions,
  monthlyCost,
  totalUsd,
} from "../../../../infra/commands/shared/cost.ts";
import type { GraphResource } from "../../../../infra/commands/shared/graph.ts";
import { nodeGroupType, resource, stack } from "./resources.ts";

function nodeGroup(inputs: object): GraphResource[] {
  return [resource(nodeGroupType, "nodes", { inputs: { ...inputs } })];
}

/** Items as `quantity what: dollars`. */
function bill(resources: readonly GraphResource[]): string[] {
  return monthlyCost(resources).map(
    ({ what, quantity, unit = "×", usdPerMonth }: CostItem) =>
      `${quantity} ${unit} ${what}: ${usdPerMonth?.toFixed(2)}`,
  );
}

describe("the monthly bill", () => {
  it("has one line for each thing that costs, and none for what is not there", () => {
    expect(bill(stack())).toEqual([
      "1 × EKS cluster in standard support: 73.00",
      "2 × m7i.large instance: 147.17",
      "2 × m7i.large instance: 147.17",
      "80 GiB gp3 volume: 6.40",
    ]);
    expect(totalUsd(monthlyCost(stack())).toFixed(2)).toBe("373.74");
  });

  it("counts an interface endpoint once for each zone, and a gateway endpoint not at all", () => {
    const type = "aws:ec2/vpcEndpoint:VpcEndpoint";

    expect(
      bill([
        resource(type, "ec2", { inputs: { vpcEndpointType: "Interface", subnetIds: ["a", "b"] } }),
        resource(type, "sts", { inputs: { vpcEndpointType: "Interface", subnetIds: ["a"] } }),
        resource(type, "s3", { inputs: { vpcEndpointType: "Gateway" } }),
      ]),
    ).toEqual(["3 × interface endpoint, each zone: 21.90"]);
  });

  it("has NAT gateway, address and key", () => {
    expect(
      bill([
        resource("aws:ec2/natGateway:NatGateway", "nat"),
        resource("aws:ec2/eip:Eip", "nat"),
        resource("aws:kms/key:Key", "secrets"),
      ]),
    ).toEqual([
      "1 × NAT gateway: 32.85",
      "1 × public IPv4 address, used or not: 3.65",
      "1 × customer managed KMS key: 1.00",
    ]);
  });

  it("says of spot instances that they are", () => {
    const inputs = { instanceTypes: ["m7i.large"], scalingConfig: { desiredSize: 1 }, capacityType: "SPOT" };

    expect(bill(nodeGroup(inputs))).toEqual(["1 × m7i.large spot instance: 73.58"]);
  });

  it("leaves the price open where none is known, and out of the sum", () => {
    const items = monthlyCost(
      nodeGroup({ instanceTypes: ["u-24tb1.metal"], scalingConfig: { desiredSize: 1 } }),
    );

    expect(items).toEqual([{ what: "u-24tb1.metal instance", quantity: 1, usdPerMonth: undefined }]);
    expect(totalUsd(items)).toBe(0);
  });

  it("does not take a name of JavaScript's own for an instance type", () => {
    expect(bill(nodeGroup({ instanceTypes: ["toString"], scalingConfig: { desiredSize: 1 } }))).toEqual([
      "1 × toString instance: undefined",
    ]);
  });

  it("counts every volume of a node, and nodes at their desired number", () => {
    const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "nodes", {
      inputs: { blockDeviceMappings: [{ ebs: { volumeSize: 4 } }, { ebs: { volumeSize: 20 } }, {}] },
    });
    const inputs = { instanceTypes: ["m7i.large"], scalingConfig: { desiredSize: 3, maxSize: 9 } };
    const group = resource(nodeGroupType, "nodes", { inputs, dependsOn: [template.urn] });

    expect(bill([template, group])).toContain("72 GiB gp3 volume: 5.76");
  });
});

describe("what the bill rests on", () => {
  const usual = [
    "list prices of us-east-1, on demand, 730 hours; spot instances are counted as on demand",
    "desired number of nodes; without data transfer, log ingestion, load balancers and tax",
  ];
  const pool = (instanceTypes: readonly string[], nodes: string) =>
    resource("kubernetes:karpenter.sh/v1:NodePool", "karpenter-pool-general", {
      inputs: {
        metadata: { name: "general" },
        spec: {
          template: {
            spec: { requirements: [{ key: "node.kubernetes.io/instance-type", values: instanceTypes }] },
          },
          limits: { nodes },
        },
      },
    });

  it("is two lines without Karpenter", () => {
    expect(costAssumptions(stack())).toEqual(usual);
  });

  it.each([
    {
      types: ["m7i.large", "m7i.xlarge"],
      nodes: "8",
      line: "up to 8 nodes more in pool general, each up to 147.17",
    },
    { types: ["m7i.large"], nodes: "1", line: "up to 1 node more in pool general, each up to 73.58" },
    { types: ["m7i.large", "x9.large"], nodes: "8", line: "up to 8 nodes more in pool general" },
  ])("names the nodes that Karpenter may add: $line", ({ types, nodes, line }) => {
    expect(costAssumptions([...stack(), pool(types, nodes)])).toEqual([
      ...usual,
      `without Karpenter's nodes: ${line}`,
    ]);
    expect(totalUsd(monthlyCost([...stack(), pool(types, nodes)])).toFixed(2)).toBe("373.74");
  });
});
