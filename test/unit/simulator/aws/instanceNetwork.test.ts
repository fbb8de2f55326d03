import { beforeEach, expect, it } from "vitest";
import { freeAddresses } from "../../../simulator/aws/addresses.ts";
import {
  assignPrefixes,
  attach,
  createInterface,
  networkOf,
} from "../../../simulator/aws/instanceNetwork.ts";
import { portRules } from "../../../simulator/aws/portRules.ts";
import { types } from "../../../simulator/aws/types.ts";
import type { Instance } from "../../../simulator/world/instance.ts";
import { Account, type ClusterWorld, workingCluster } from "./account.ts";

/** Two nodes, 10.40.16.4 and 10.40.16.5, in 10.40.16.0/20. */
let account: Account;
let world: ClusterWorld;
let node: Instance;

beforeEach(async () => {
  account = new Account();
  world = await workingCluster(account);
  await account.create(types.nodeGroup, "pool", { ...world.group, nodeGroupName: "pool" });
  [node] = account.aws.instances.values() as unknown as [Instance];
});

const cloud = () => account.aws.cloud;
const subnet = () => {
  const found = account.aws.find(types.subnet, world.nodeSubnetId);
  if (found === undefined) throw new Error("no subnet");
  return found;
};

it("a node has one interface with its own address, until it is given more", () => {
  expect(networkOf(cloud(), node)).toMatchObject({
    instanceType: "m7i.large",
    availabilityZone: "eu-west-1a",
    vpcId: world.vpcId,
    vpcCidrs: ["10.40.0.0/16"],
    interfaces: [
      {
        id: node.networkInterfaceId,
        deviceIndex: 0,
        ip: "10.40.16.4",
        prefixes: [],
        subnetCidr: "10.40.16.0/20",
        securityGroupIds: [world.nodeSecurityGroupId],
      },
    ],
  });
});

it("prefixes are whole blocks without a taken address, and no one else's from then on", () => {
  expect(assignPrefixes(cloud(), node.networkInterfaceId, 2)).toEqual(["10.40.16.16/28", "10.40.16.32/28"]);
  expect(assignPrefixes(cloud(), node.networkInterfaceId, 1)).toEqual(["10.40.16.48/28"]);
  expect(networkOf(cloud(), node).interfaces[0]?.prefixes).toHaveLength(3);
  const free = freeAddresses(cloud(), subnet());
  expect(free).not.toContain("10.40.16.63");
  expect(free).toContain("10.40.16.64");
});

it("are all given or none: a subnet of 4,096 addresses has 254 such blocks", () => {
  expect(assignPrefixes(cloud(), node.networkInterfaceId, 255)).toBeUndefined();
  expect(networkOf(cloud(), node).interfaces[0]?.prefixes).toEqual([]);
  expect(assignPrefixes(cloud(), node.networkInterfaceId, 254)).toHaveLength(254);
});

it("addresses of prefixes are members of the interface's security groups", async () => {
  await account.create(types.ingressRule, "among", {
    securityGroupId: world.nodeSecurityGroupId,
    referencedSecurityGroupId: world.nodeSecurityGroupId,
    ipProtocol: "-1",
  });
  assignPrefixes(cloud(), node.networkInterfaceId, 1);
  expect(portRules(cloud(), [world.nodeSecurityGroupId]).ingress).toEqual([
    { protocol: "-1", peers: ["10.40.16.4/32", "10.40.16.16/28", "10.40.16.5/32"] },
  ]);
});

it("a further interface is the instance's once it is attached, and goes with its group", async () => {
  const wanted = {
    subnetId: world.nodeSubnetId,
    securityGroupIds: [world.nodeSecurityGroupId],
    prefixCount: 1,
  };
  const made = createInterface(cloud(), node, wanted);
  expect(made).toMatchObject({ deviceIndex: undefined, ip: "10.40.16.6", prefixes: ["10.40.16.16/28"] });
  expect(networkOf(cloud(), node).interfaces).toHaveLength(1);
  attach(cloud(), made?.id ?? "", node.id, 1);
  expect(networkOf(cloud(), node).interfaces[1]).toMatchObject({ id: made?.id, deviceIndex: 1 });
  await account.delete(types.nodeGroup, "dev:pool");
  expect(account.aws.find(types.networkInterface, made?.id ?? "")).toBeUndefined();
});

it("is not made where the subnet has not as many prefixes", () => {
  const wanted = { subnetId: world.nodeSubnetId, securityGroupIds: [], prefixCount: 255 };
  expect(createInterface(cloud(), node, wanted)).toBeUndefined();
  expect(createInterface(cloud(), node, { ...wanted, prefixCount: 1 })?.ip).toBe("10.40.16.6");
});
