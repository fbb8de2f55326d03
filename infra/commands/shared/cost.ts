import { nodePoolKind } from "../../../components/specs/karpenterNodes.ts";
import { lookUp } from "../../../components/values/lookUp.ts";
import type { GraphResource } from "./graph.ts";

interface Price {
  readonly usd: number;
  readonly per: "hour" | "month" | "GB-month";
  readonly what: string;
  readonly source: string;
}

const list =
  "AWS list price, us-east-1, published by AWS (EKS, VPC, EC2, KMS pricing pages), read 2026-11-20";

/** AWS's own month. */
const hoursPerMonth = 730;

/** List prices of what the program creates, Linux and on demand. */
const prices = {
  controlPlaneStandard: { usd: 0.1, per: "hour", what: "EKS cluster in standard support", source: list },
  natGateway: { usd: 0.045, per: "hour", what: "NAT gateway", source: list },
  publicIpv4: { usd: 0.005, per: "hour", what: "public IPv4 address, used or not", source: list },
  interfaceEndpoint: { usd: 0.01, per: "hour", what: "interface endpoint, each zone", source: list },
  gp3: { usd: 0.08, per: "GB-month", what: "gp3 volume", source: list },
  // For a key in its first year: the first and the second yearly rotation add as much each (AWS KMS pricing page).
  kmsKey: { usd: 1, per: "month", what: "customer managed KMS key", source: list },
} as const satisfies Readonly<Record<string, Price>>;

/**
 * US dollars an hour for an instance of size large, by family. All from general knowledge, not checked (AWS list prices of
 * us-east-1, 2026-11-20); other regions cost up to a third more.
 */
const largePrices: Readonly<Record<string, number>> = {
  t3: 0.0832,
  t4g: 0.0672,
  m6i: 0.096,
  m6g: 0.077,
  m7i: 0.1008,
  m7g: 0.0816,
  c7i: 0.08925,
  c7g: 0.0725,
  r7i: 0.1323,
  r7g: 0.1071,
};

/** How many times as much as large a size costs. */
const timesLarge: Readonly<Record<string, number>> = { medium: 0.5, large: 1, xlarge: 2, "2xlarge": 4 };

/** One line of the bill. */
export interface CostItem {
  readonly what: string;
  readonly quantity: number;
  /** Unit of the quantity; undefined: pieces. */
  readonly unit?: string;
  /** US dollars a month for all of it; undefined: no price is known. */
  readonly usdPerMonth: number | undefined;
}

/** Assumptions of the estimate, and the nodes of Karpenter that it leaves out. */
export function costAssumptions(resources: readonly GraphResource[]): string[] {
  return [
    "list prices of us-east-1, on demand, 730 hours; spot instances are counted as on demand",
    "desired number of nodes; without data transfer, log ingestion, load balancers and tax",
    ...resources.filter(isKarpenterPool).map(uncounted),
  ];
}

/** Whether a resource is a NodePool: how many nodes Karpenter starts for it is known only while the cluster runs. */
export function isKarpenterPool({ type }: Pick<GraphResource, "type">): boolean {
  return type === `kubernetes:${nodePoolKind.apiVersion}:${nodePoolKind.kind}`;
}

type Inputs = Readonly<Record<string, unknown>>;

interface NodePoolInputs {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly limits: { readonly nodes: string };
    readonly template: {
      readonly spec: { readonly requirements: readonly { key: string; values: readonly string[] }[] };
    };
  };
}

function uncounted({ inputs }: GraphResource): string {
  const { metadata, spec } = inputs as unknown as NodePoolInputs;
  const types =
    spec.template.spec.requirements.find(({ key }) => key.endsWith("/instance-type"))?.values ?? [];
  const most = types
    .map(monthlyUsd)
    .reduce((a, b) => (a === undefined || b === undefined ? undefined : Math.max(a, b)), 0);
  const each = most === undefined ? "" : `, each up to ${most.toFixed(2)}`;
  const nodes = spec.limits.nodes === "1" ? "1 node" : `${spec.limits.nodes} nodes`;
  return `without Karpenter's nodes: up to ${nodes} more in pool ${metadata.name}${each}`;
}

/** Undefined: no price is known. */
function monthlyUsd(instanceType: string): number | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  const [price, times] = [lookUp(largePrices, family), lookUp(timesLarge, size)];
  return price === undefined || times === undefined ? undefined : price * times * hoursPerMonth;
}

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
  const each = monthlyUsd(type);
  const usdPerMonth = each === undefined ? undefined : each * quantity;
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
    // A volume without a size has the AMI's: two GiB or four, negligible on the bill.
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
