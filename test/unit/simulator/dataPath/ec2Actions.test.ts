import { beforeEach, describe, expect, it } from "vitest";
import { ec2Actions } from "../../../simulator/dataPath/ec2Actions.ts";
import {
  type Ec2Network,
  type InstanceNetwork,
  networkDocuments,
} from "../../../simulator/dataPath/networkInterfaces.ts";

const instance = {
  id: "i-1",
  ip: "10.40.0.11",
  networkInterfaceId: "eni-1",
  subnetId: "subnet-a",
  roleArn: "arn:aws:iam::111122223333:role/node",
  sourceDestCheck: true,
};

const first = {
  id: "eni-1",
  deviceIndex: 0,
  ip: "10.40.0.11",
  prefixes: ["10.40.0.16/28"],
  subnetId: "subnet-a",
  subnetCidr: "10.40.0.0/24",
  securityGroupIds: ["sg-1", "sg-2"],
};

const connected: InstanceNetwork = {
  instanceType: "m7i.large",
  availabilityZone: "eu-west-1a",
  vpcId: "vpc-1",
  vpcCidrs: ["10.40.0.0/16"],
  interfaces: [first],
  subnets: [{ id: "subnet-a", cidr: "10.40.0.0/24", freeAddresses: 234, tags: { Name: "a & b" } }],
};

/** A subnet with one more block. */
const network: Ec2Network = {
  of: () => connected,
  assignPrefixes: (_, __, count) => (count > 1 ? undefined : ["10.40.0.32/28"]),
  create: (_, { prefixCount }) =>
    prefixCount > 1 ? undefined : { ...first, id: "eni-2", deviceIndex: undefined, ip: "10.40.0.12" },
  attach: () => {},
};

let tags: Map<string, Map<string, string>>;
let checks: boolean[];

beforeEach(() => {
  tags = new Map();
  checks = [];
});

/** What an action answers; of a refusal its code. */
function answer(action: string, query: Readonly<Record<string, string>>): string | undefined {
  const found = ec2Actions[action]?.({
    instance,
    query: new URLSearchParams(query),
    instances: [instance],
    network,
    onSourceDestCheck: (_, on) => void checks.push(on),
    tags,
  });
  return typeof found === "object" ? /<Code>(.*)<\/Code>/.exec(found.body)?.[1] : found;
}

describe("EC2 of the lab", () => {
  it("knows an instance's own interface, and no other", () => {
    expect(answer("DescribeNetworkInterfaces", { "NetworkInterfaceId.1": "eni-1" })).toContain(
      "<ipv4Prefix>10.40.0.16/28</ipv4Prefix>",
    );
    expect(answer("DescribeNetworkInterfaces", { "NetworkInterfaceId.1": "eni-9" })).toBe(
      "InvalidNetworkInterfaceID.NotFound",
    );
    expect(answer("DescribeNetworkInterfaces", {})).toBe("<networkInterfaceSet></networkInterfaceSet>");
  });

  it("shows tags from then on", () => {
    const query = { "ResourceId.1": "eni-1", "Tag.1.Key": "node", "Tag.1.Value": "i-1" };
    const shown = () => answer("DescribeNetworkInterfaces", { "NetworkInterfaceId.1": "eni-1" });
    expect(shown()).toContain("<tagSet></tagSet>");
    answer("CreateTags", query);
    expect(shown()).toContain("<tagSet><item><key>node</key><value>i-1</value></item></tagSet>");
  });

  it("gives prefixes while there are any", () => {
    const ask = (count: string) =>
      answer("AssignPrivateIpAddresses", { NetworkInterfaceId: "eni-1", Ipv4PrefixCount: count });
    expect(ask("1")).toContain("<ipv4Prefix>10.40.0.32/28</ipv4Prefix>");
    expect(ask("2")).toBe("InsufficientCidrBlocks");
    expect(answer("CreateNetworkInterface", { SubnetId: "subnet-a", Ipv4PrefixCount: "2" })).toBe(
      "InsufficientCidrBlocks",
    );
    const made = answer("CreateNetworkInterface", { SubnetId: "subnet-a", Ipv4PrefixCount: "1" });
    expect(made).toContain("<networkInterfaceId>eni-2</networkInterfaceId>");
    expect(made).not.toContain("<attachment>");
  });

  it("turns the check of the first interface off and on, and leaves it where something else is changed", () => {
    const change = (more: Readonly<Record<string, string>>) =>
      answer("ModifyNetworkInterfaceAttribute", { NetworkInterfaceId: "eni-1", ...more });
    change({ "SourceDestCheck.Value": "false" });
    change({ "Attachment.DeleteOnTermination": "true" });
    change({ "SourceDestCheck.Value": "true" });
    expect(checks).toEqual([false, true]);
  });

  it("has the subnets of the instance's zone, with their tags", () => {
    expect(answer("DescribeSubnets", {})).toContain("<key>Name</key><value>a &amp; b</value>");
  });
});

it("the metadata list each interface by its hardware address", () => {
  const documents = networkDocuments(connected);
  const mac = "02:ec:0a:28:00:0b";
  expect(documents.get("/mac")).toBe(mac);
  expect(documents.get("/network/interfaces/macs")).toBe(`${mac}/`);
  const of = (name: string) => documents.get(`/network/interfaces/macs/${mac}/${name}`);
  expect(of("ipv4-prefix")).toBe("10.40.0.16/28");
  expect(of("security-group-ids")).toBe("sg-1\nsg-2");
  expect(of("subnet-ipv4-cidr-block")).toBe("10.40.0.0/24");
  const bare = networkDocuments({ ...connected, interfaces: [{ ...first, prefixes: [] }] });
  expect(bare.has(`/network/interfaces/macs/${mac}/ipv4-prefix`)).toBe(false);
});
