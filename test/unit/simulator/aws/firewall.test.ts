import { beforeEach, describe, expect, it } from "vitest";
import { allows, type Connection } from "../../../simulator/aws/firewall.ts";
import { portRules } from "../../../simulator/aws/portRules.ts";
import { types } from "../../../simulator/aws/types.ts";
import { UNKNOWN, type Values } from "../../../simulator/protocol/provider.ts";
import { Account } from "./account.ts";

let account: Account;
let vpcId: string;
let nodes: string;
let controlPlane: string;

beforeEach(async () => {
  account = new Account();
  vpcId = await account.vpc();
  nodes = await account.createId(types.securityGroup, "nodes", { vpcId });
  controlPlane = await account.createId(types.securityGroup, "control-plane", { vpcId });
});

function rule(group: string, more: Values): Values {
  return { securityGroupId: group, ipProtocol: "tcp", fromPort: 443, toPort: 443, ...more };
}

describe("a security group rule", () => {
  it("is refused a second time, with what it says", async () => {
    const inputs = rule(nodes, { cidrIpv4: "10.40.0.0/16" });
    await account.create(types.ingressRule, "one", inputs);
    await expect(
      account.create(types.ingressRule, "two", { ...inputs, description: "other" }),
    ).rejects.toThrow(
      'InvalidPermission.Duplicate: the specified rule "peer: 10.40.0.0/16, TCP, from port: 443, to port: 443, ALLOW" already exists',
    );
  });

  it("may say the same for the other direction, another port or another group", async () => {
    const inputs = rule(nodes, { cidrIpv4: "10.40.0.0/16" });
    await account.create(types.ingressRule, "one", inputs);
    await account.create(types.egressRule, "out", inputs);
    await account.create(types.ingressRule, "port", { ...inputs, toPort: 444 });
    await account.create(types.ingressRule, "group", { ...inputs, securityGroupId: controlPlane });
    expect(account.aws.ofType(types.ingressRule).filter(({ ownedBy }) => ownedBy === undefined)).toHaveLength(
      3,
    );
  });

  it("for all protocols takes no ports", async () => {
    await expect(
      account.create(types.ingressRule, "all", rule(nodes, { ipProtocol: "-1", cidrIpv4: "10.40.0.0/16" })),
    ).rejects.toThrow("Must not specify ports with all protocols.");
  });

  it("for TCP needs ports", async () => {
    const inputs = { securityGroupId: nodes, ipProtocol: "tcp", cidrIpv4: "10.40.0.0/16" };
    await expect(account.create(types.ingressRule, "none", inputs)).rejects.toThrow(
      "InvalidParameterValue: Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    );
  });

  it.each(["kubelet's port", "Portfreigabe für Typha", "x".repeat(256)])(
    "is refused with the description %s",
    async (description) => {
      await expect(
        account.create(types.ingressRule, "x", rule(nodes, { cidrIpv4: "10.40.0.0/16", description })),
      ).rejects.toThrow(
        "InvalidParameterValue: Invalid rule description. Valid descriptions are strings less than 256",
      );
    },
  );

  it("takes every character that AWS lists in its description", async () => {
    const description = "a Z 0 . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *";
    await account.create(types.ingressRule, "x", rule(nodes, { cidrIpv4: "10.40.0.0/16", description }));
    expect(account.aws.ofType(types.ingressRule).map(({ inputs }) => inputs["description"])).toContain(
      description,
    );
  });

  it("needs exactly one source, and a valid one where it is known", () => {
    const both = { cidrIpv4: "10.40.0.0/16", referencedSecurityGroupId: nodes };
    const exactlyOne =
      "Exactly one of these attributes must be configured: [cidrIpv4,referencedSecurityGroupId]";
    expect(account.failures(types.ingressRule, rule(nodes, {}))).toEqual([exactlyOne]);
    expect(account.failures(types.ingressRule, rule(nodes, both))).toEqual([exactlyOne]);
    expect(account.failures(types.ingressRule, rule(nodes, { cidrIpv4: "10.40.0.0" }))).toHaveLength(1);
    expect(account.failures(types.ingressRule, rule(nodes, { cidrIpv4: UNKNOWN }))).toEqual([]);
  });

  it("keeps the group that it refers to, but not its own", async () => {
    const id = await account.createId(
      types.ingressRule,
      "x",
      rule(controlPlane, { referencedSecurityGroupId: nodes }),
    );
    await expect(account.delete(types.securityGroup, nodes)).rejects.toThrow(
      `DependencyViolation: resource ${nodes} has a dependent object`,
    );
    await account.delete(types.securityGroup, controlPlane);
    expect(account.aws.find(types.ingressRule, id)).toBeUndefined();
    await account.delete(types.securityGroup, nodes);
  });

  it("from a group to itself does not keep the group", async () => {
    await account.createId(types.ingressRule, "self", rule(nodes, { referencedSecurityGroupId: nodes }));
    await account.delete(types.securityGroup, nodes);
    expect(account.aws.find(types.securityGroup, nodes)).toBeUndefined();
  });
});

describe("a security group", () => {
  it("refuses a name that is in use in its VPC, and takes it in another", async () => {
    const other = await account.vpc("other", "10.41.0.0/16");
    await account.create(types.securityGroup, "a", { vpcId, name: "calico" });
    await account.create(types.securityGroup, "b", { vpcId: other, name: "calico" });
    await expect(account.create(types.securityGroup, "c", { vpcId, name: "calico" })).rejects.toThrow(
      `InvalidGroup.Duplicate: The security group 'calico' already exists for VPC '${vpcId}'`,
    );
  });
});

describe("a connection", () => {
  const open = (change: Partial<Connection> = {}) =>
    allows(account.aws, {
      fromInterface: { securityGroupIds: [nodes], ip: "10.40.16.4" },
      toSecurityGroupIds: [controlPlane],
      toIp: "10.40.0.4",
      protocol: "tcp",
      port: 443,
      ...change,
    });

  it("needs a rule at both ends", async () => {
    expect(open()).toBe(false);
    await account.create(types.ingressRule, "in", rule(controlPlane, { referencedSecurityGroupId: nodes }));
    expect(open()).toBe(false);
    await account.create(types.egressRule, "out", rule(nodes, { cidrIpv4: "10.40.0.0/24" }));
    expect(open()).toBe(true);
  });

  describe("between two groups that admit TCP 443", () => {
    beforeEach(async () => {
      await account.create(types.ingressRule, "in", rule(controlPlane, { referencedSecurityGroupId: nodes }));
      await account.create(types.egressRule, "out", rule(nodes, { referencedSecurityGroupId: controlPlane }));
    });

    it("is closed for another port, another protocol, another sender and the way back", () => {
      expect(open({ port: 444 })).toBe(false);
      expect(open({ protocol: "udp" })).toBe(false);
      expect(open({ fromInterface: { securityGroupIds: [controlPlane], ip: "10.40.16.4" } })).toBe(false);
      expect(open({ toSecurityGroupIds: [nodes] })).toBe(false);
    });

    it("is open for a sender with one more group", () => {
      expect(open({ fromInterface: { securityGroupIds: ["sg-0other", nodes], ip: "10.40.16.4" } })).toBe(
        true,
      );
    });
  });

  it("from an address range is open within the range only", async () => {
    await account.create(types.egressRule, "out", {
      securityGroupId: nodes,
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    await account.create(types.ingressRule, "in", rule(controlPlane, { cidrIpv4: "10.40.16.0/28" }));
    expect(open()).toBe(true);
    expect(open({ fromInterface: { securityGroupIds: [nodes], ip: "10.40.16.16" } })).toBe(false);
  });

  it("from outside the VPC is the target's matter alone", async () => {
    await account.create(types.ingressRule, "in", rule(controlPlane, { cidrIpv4: "192.168.0.0/16" }));
    expect(open({ fromInterface: { securityGroupIds: [], ip: "192.168.0.1" } })).toBe(true);
    expect(open({ fromInterface: { securityGroupIds: [], ip: "192.169.0.1" } })).toBe(false);
  });
});

describe("the rules of groups for a packet filter", () => {
  it("name each referenced group by the interfaces that are in it, and no rule of another group", async () => {
    await account.create(types.ingressRule, "kubelet", {
      ...rule(nodes, { referencedSecurityGroupId: controlPlane }),
      fromPort: 10_250,
      toPort: 10_250,
    });
    await account.create(types.ingressRule, "other", rule(controlPlane, { cidrIpv4: "10.40.0.0/16" }));
    const interfaces = [
      { id: "eni-1", inputs: { privateIp: "10.40.1.7", securityGroups: [controlPlane] } },
      { id: "eni-2", inputs: { privateIp: "10.40.1.8", securityGroups: [nodes] } },
    ];
    const cloud = {
      ofType: (type: string) =>
        type === types.networkInterface ? (interfaces as never) : account.aws.ofType(type),
    };
    expect(portRules(cloud, [nodes]).ingress).toEqual([
      { protocol: "tcp", ports: [10_250, 10_250], peers: ["10.40.1.7/32"] },
    ]);
  });

  it("have no ports where all protocols are meant", async () => {
    const everything = { securityGroupId: nodes, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" };
    await account.create(types.egressRule, "out", everything);
    expect(portRules(account.aws, [nodes])).toEqual({
      ingress: [],
      egress: [{ protocol: "-1", peers: ["0.0.0.0/0"] }],
    });
  });
});
