import { beforeEach, describe, expect, it } from "vitest";
import { mostNodes } from "../../../../components/specs/nodeGroup.ts";
import { freeAddresses, freePrefixes } from "../../../simulator/aws/addresses.ts";
import type { AwsObject } from "../../../simulator/aws/model.ts";
import { attachInterface, takePrefixes } from "../../../simulator/aws/networkInterface.ts";
import { Store } from "../../../simulator/aws/store.ts";
import { types } from "../../../simulator/aws/types.ts";
import { Activity } from "../../../simulator/world/activity.ts";
import { settingsLines } from "../../../support/lines.ts";
import { settings } from "../../../support/settings.ts";

const owner = { type: types.cluster, id: "dev" } as AwsObject;
let cloud: Store;

beforeEach(() => {
  cloud = new Store({ region: "eu-west-1", activity: new Activity({}) }, new Map());
  cloud.addManaged({ type: types.addon, id: "dev:vpc-cni", urn: "", inputs: { addonName: "vpc-cni" } });
});

function subnetOf(prefix: number): AwsObject {
  const inputs = { cidrBlock: `10.40.0.0/${prefix}` };
  return cloud.addManaged({ type: types.subnet, id: "subnet-1", urn: "", inputs });
}

function attach(subnet: AwsObject, id: string): AwsObject {
  return attachInterface(cloud, owner, { id, subnetId: subnet.id, securityGroupIds: [] });
}

const noBlock = (subnet: AwsObject) =>
  `InsufficientCidrBlocks: The specified subnet ${subnet.id} does not have enough free cidr blocks to satisfy the request`;

describe("prefixes in the simulated EC2", () => {
  it("are whole blocks of /28, without those of which AWS keeps an address", () => {
    const subnet = subnetOf(26);

    expect(freePrefixes(cloud, subnet)).toEqual(["10.40.0.16/28", "10.40.0.32/28"]);
  });

  it("take their addresses from the subnet, and give them back with their interface", () => {
    const subnet = subnetOf(26);
    const eni = attach(subnet, "eni-1");
    const before = freeAddresses(cloud, subnet).length;

    expect(takePrefixes(cloud, eni, 1)).toBeUndefined();
    expect(eni.inputs["ipv4Prefixes"]).toEqual(["10.40.0.16/28"]);
    expect(freeAddresses(cloud, subnet)).toHaveLength(before - 16);
    expect(freeAddresses(cloud, subnet)).not.toContain("10.40.0.20");

    cloud.remove(eni);
    expect(freeAddresses(cloud, subnet)).toHaveLength(before + 1);
  });

  it("are not to be had where every block has an address in it, however many others are free", () => {
    const subnet = subnetOf(26);
    const eni = attach(subnet, "eni-1");
    for (const privateIp of ["10.40.0.20", "10.40.0.40"]) {
      const other = attach(subnet, `eni-${privateIp}`);
      other.inputs = { ...other.inputs, privateIp };
    }

    expect(freeAddresses(cloud, subnet).length).toBeGreaterThan(50);
    expect(takePrefixes(cloud, eni, 1)).toBe(noBlock(subnet));
  });

  it("are as many as there are, where there are fewer than wanted", () => {
    const subnet = subnetOf(27);
    const eni = attach(subnet, "eni-1");

    expect(takePrefixes(cloud, eni, 1)).toBe(noBlock(subnet));
    expect(eni.inputs["ipv4Prefixes"]).toEqual([]);
  });

  it("are in the way of single addresses, which EC2 takes from anywhere in the subnet", () => {
    const subnet = subnetOf(24);
    const blocks = Array.from({ length: 12 }, (_, index) => attach(subnet, `eni-${index}`)).map(
      ({ inputs }) => String(inputs["privateIp"]),
    );

    expect(new Set(blocks.map((ip) => Math.floor(Number(ip.split(".")[3]) / 16))).size).toBeGreaterThan(5);
  });
});

describe("the rule on the room of node subnets", () => {
  const rows = [24, 23, 22, 21, 20].flatMap((nodePrefix) =>
    [30, 110, 250].map((maxPods) => ({ nodePrefix, maxPods })),
  );

  /** The most nodes that the program accepts in one subnet, updates included; 0: it accepts no stack. */
  function accepted(nodePrefix: number, maxPods: number): number {
    let most = 0;
    for (let max = 1; max <= 300; max += 1) {
      const pool = { maxPods, instanceTypes: ["m7i.8xlarge"], size: { min: 1, desired: 1, max } };
      const change = {
        calico: { cni: "AmazonVPC" },
        network: { nodePrefix },
        nodePools: { default: pool },
      } as const;
      if (settingsLines(change).length > 0) break;
      most = mostNodes(settings(change).nodePools);
    }
    return most;
  }

  /** Why EC2 has no room for this many nodes full of pods, wherever their own addresses are. */
  function filled(prefix: number, nodes: number, maxPods: number): string[] {
    const subnet = subnetOf(prefix);
    const interfaces = Array.from({ length: nodes }, (_, index) => attach(subnet, `eni-${index}`));
    return interfaces.flatMap((eni) => takePrefixes(cloud, eni, Math.ceil(maxPods / 16) + 1) ?? []);
  }

  it.each(rows)("lets in what fits into a /$nodePrefix with $maxPods pods on a node", (row) => {
    const nodes = accepted(row.nodePrefix, row.maxPods);

    expect(filled(row.nodePrefix, nodes, row.maxPods)).toEqual([]);
  });

  it("accepts some, and counts the blocks that single addresses break", () => {
    expect(rows.map(({ nodePrefix, maxPods }) => accepted(nodePrefix, maxPods))).toEqual([
      3, 0, 0, 7, 3, 0, 15, 6, 3, 31, 14, 7, 63, 28, 14,
    ]);
    expect(filled(20, 31, 110)).not.toEqual([]);
  });
});
