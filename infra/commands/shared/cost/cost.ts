import type { GraphResource } from "../graph.ts";
import { hoursPerMonth, instancePrices, prices } from "./prices.ts";

/** One line of the bill. */
export interface CostItem {
  readonly what: string;
  readonly quantity: number;
  /** What the quantity counts; undefined: pieces. */
  readonly unit?: string;
  /** US dollars a month for all of it; undefined: no price is known. */
  readonly usdPerMonth: number | undefined;
}

/** What the estimate rests on. */
export const costAssumptions = [
  "list prices of us-east-1, on demand, 730 hours; spot instances are counted as on demand",
  "nodes at their desired number; without data transfer, log ingestion, load balancers and tax",
] as const;

type Inputs = Readonly<Record<string, unknown>>;

/** What the resources of a stack cost a month, by item. */
export function monthlyCost(resources: readonly GraphResource[]): CostItem[] {
  const of = (type: string) => resources.filter((one) => one.type === type);
  const fixed = (price: { what: string; usd: number; per: string }, quantity: number): CostItem => ({
    what: price.what,
    quantity,
    usdPerMonth: price.usd * quantity * (price.per === "hour" ? hoursPerMonth : 1),
  });
  const endpoints = of("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface")
    .reduce((sum, { inputs }) => sum + lengthOf(inputs["subnetIds"]), 0);
  const nodes = of("aws:eks/nodeGroup:NodeGroup");
  const items = [
    fixed(prices.controlPlaneStandard, of("aws:eks/cluster:Cluster").length),
    fixed(prices.natGateway, of("aws:ec2/natGateway:NatGateway").length),
    fixed(prices.publicIpv4, of("aws:ec2/eip:Eip").length),
    fixed(prices.interfaceEndpoint, endpoints),
    fixed(prices.kmsKey, of("aws:kms/key:Key").length),
    ...nodes.map(({ inputs }) => instances(inputs)),
    { ...fixed(prices.gp3, volumesGib(resources, nodes)), unit: "GiB" },
  ];
  return items.filter(({ quantity }) => quantity > 0);
}

/** Sum of what has a price. */
export function totalUsd(items: readonly CostItem[]): number {
  return items.reduce((sum, { usdPerMonth = 0 }) => sum + usdPerMonth, 0);
}

function instances(inputs: Inputs): CostItem {
  const [type = ""] = inputs["instanceTypes"] as readonly string[];
  const quantity = desired(inputs);
  const hourly = Object.hasOwn(instancePrices, type)
    ? instancePrices[type as keyof typeof instancePrices]
    : undefined;
  const usdPerMonth = hourly === undefined ? undefined : hourly * hoursPerMonth * quantity;
  const kind = inputs["capacityType"] === "SPOT" ? "spot instance" : "instance";
  return { what: `${type} ${kind}`, quantity, usdPerMonth };
}

function volumesGib(resources: readonly GraphResource[], nodes: readonly GraphResource[]): number {
  return nodes.reduce((sum, node) => {
    const template = resources.find(
      ({ urn, type }) => type === "aws:ec2/launchTemplate:LaunchTemplate" && node.dependsOn.includes(urn),
    );
    const mappings = (template?.inputs["blockDeviceMappings"] ?? []) as readonly {
      ebs?: { volumeSize?: number };
    }[];
    // A volume without a size has the AMI's: two GiB or four, which nobody will miss on the bill.
    const gib = mappings.reduce((all, { ebs }) => all + (ebs?.volumeSize ?? 0), 0);
    return sum + desired(node.inputs) * gib;
  }, 0);
}

function desired(inputs: Inputs): number {
  return (inputs["scalingConfig"] as { desiredSize?: number } | undefined)?.desiredSize ?? 0;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
