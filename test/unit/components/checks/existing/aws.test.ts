import { describe, expect, it } from "vitest";
import type {
  AwsSnapshot,
  FoundInterface,
  FoundRule,
} from "../../../../../components/checks/existing/snapshot.ts";
import { clusterLines, node } from "../../../../support/existing.ts";

const nodes = [node("a", { instanceId: "i-a" }), node("b", { instanceId: "i-b" })];

function eni(nodeName: string, ip: number, changes: Partial<FoundInterface> = {}): FoundInterface {
  return {
    id: `eni-${nodeName}`,
    nodeName,
    isPrimary: true,
    subnetId: "subnet-1",
    privateIp: `10.40.0.${ip}`,
    sourceDestCheck: false,
    securityGroupIds: ["sg-nodes"],
    ...changes,
  };
}

function rule(changes: Partial<FoundRule> = {}): FoundRule {
  return {
    groupId: "sg-nodes",
    protocol: "udp",
    fromPort: 4789,
    toPort: 4789,
    sourceGroupId: "sg-nodes",
    sourceCidr: undefined,
    ...changes,
  };
}

const sound: AwsSnapshot = { interfaces: [eni("a", 4), eni("b", 5)], rules: [rule()] };
const shut = (to: string, group: string, from: string) =>
  `${to}, UDP 4789: no rule of ${group} lets it in from ${from}; eBPF forwards requests to NodePorts between all nodes in VXLAN. Add a rule for UDP 4789 from the nodes' security group.`;

const lines = (changes: Partial<AwsSnapshot>) => clusterLines({ nodes, aws: { ...sound, ...changes } });

describe("DSR on AWS", () => {
  it.each<[string, Partial<AwsSnapshot>]>([
    ["a rule for the port", {}],
    ["a rule for everything", { rules: [rule({ protocol: "-1", fromPort: -1, toPort: -1 })] }],
    ["a range of ports", { rules: [rule({ fromPort: 1024, toPort: 65535 })] }],
    [
      "a rule for the nodes' addresses",
      { rules: [rule({ sourceGroupId: undefined, sourceCidr: "10.40.0.0/24" })] },
    ],
    [
      "a second interface in another subnet",
      { interfaces: [...sound.interfaces, eni("a", 9, { isPrimary: false, subnetId: "subnet-2" })] },
    ],
  ])("passes with %s", (_name, changes) => {
    expect(lines(changes)).toEqual([]);
  });

  it.each<[string, Partial<AwsSnapshot>, string]>([
    [
      "two subnets",
      { interfaces: [eni("a", 4), eni("b", 5, { subnetId: "subnet-2" })] },
      "calico.externalService: the nodes are in 2 subnets: subnet-1 (node a) and subnet-2 (node b); DSR needs one: only within a subnet does AWS let a node send with another node's address. Set externalService: Tunnel.",
    ],
    [
      "a source/destination check that is on",
      { interfaces: [eni("a", 4), eni("b", 5, { sourceDestCheck: true })] },
      "node b, source/destination check: it is on for eni-b; with DSR a node sends with another node's address, which AWS then drops. Allow the nodes ec2:ModifyNetworkInterfaceAttribute and set awsSrcDstCheck: Disable in FelixConfiguration default, which also turns it off for new nodes; or set externalService: Tunnel.",
    ],
    [
      "an instance that EC2 does not know",
      { interfaces: [eni("a", 4)] },
      "node b: EC2 does not know the instance, so its network interface is unknown; DSR needs every node in one subnet, with the source/destination check off. Check aws:region and aws:profile, or set calico.externalService: Tunnel.",
    ],
    ["no rule", { rules: [] }, shut("nodes a and b", "sg-nodes", "nodes a and b")],
    [
      "the port of another protocol",
      { rules: [rule({ protocol: "tcp" })] },
      shut("nodes a and b", "sg-nodes", "nodes a and b"),
    ],
    [
      "an adjacent range",
      { rules: [rule({ toPort: 4788, fromPort: 1 })] },
      shut("nodes a and b", "sg-nodes", "nodes a and b"),
    ],
    [
      "a rule for one node's address",
      { rules: [rule({ sourceGroupId: undefined, sourceCidr: "10.40.0.4/32" })] },
      shut("nodes a and b", "sg-nodes", "node b"),
    ],
    [
      "a rule in one direction",
      {
        interfaces: [
          eni("a", 4, { securityGroupIds: ["sg-one"] }),
          eni("b", 5, { securityGroupIds: ["sg-two"] }),
        ],
        rules: [rule({ groupId: "sg-one", sourceGroupId: "sg-two" })],
      },
      shut("node b", "sg-two", "node a"),
    ],
  ])("is refused with %s", (_name, changes, line) => {
    expect(lines(changes)).toEqual([line]);
  });

  it("requires none of it with Tunnel, for which AWS is not read", () => {
    expect(clusterLines({ nodes, aws: undefined }, { calico: { externalService: "Tunnel" } })).toEqual([]);
  });
});
