import { describe, expect, it } from "vitest";
import { findings } from "../../../../../infra/policies/policies.ts";
import { noChoices } from "../../../../../infra/policies/policy.ts";
import { resource } from "../../../../support/policies.ts";

const rule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const oldRule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const group = "aws:ec2/securityGroup:SecurityGroup";
const tagged = { tags: {} };

const messages = (
  type: string,
  props: Readonly<Record<string, unknown>>,
  openPorts: readonly number[] = [],
) =>
  findings([resource(type, props)], { ...noChoices, openPorts }).map(
    ({ policy, message }) => `${policy}: ${message}`,
  );

const open = (what: string, to = "0.0.0.0/0") =>
  `no-open-ingress: ${what} open to ${to}, which is everyone; only known ranges are allowed. List the ranges that need access.`;

const wide = (what: string, to: string) =>
  `no-open-ingress: ${what} open to ${to}, which is more than one organization has; only known ranges are allowed. List the ranges that need access.`;

describe("the policy on open ingress", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ["a rule", rule, { cidrIpv4: "0.0.0.0/0", fromPort: 22, toPort: 22 }, open("port 22 is")],
    ["IPv6", rule, { cidrIpv6: "::/0", fromPort: 80, toPort: 443 }, open("ports 80 to 443 are", "::/0")],
    ["every protocol", rule, { cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }, open("every port is")],
    [
      "a rule of the older kind",
      oldRule,
      { type: "ingress", fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] },
      open("port 22 is"),
    ],
    [
      "a rule inside its group",
      group,
      {
        ...tagged,
        ingress: [{ fromPort: 0, toPort: 65535, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] }],
      },
      open("ports 0 to 65535 are", "0.0.0.0/0 and ::/0"),
    ],
    [
      "everybody in two halves",
      group,
      { ...tagged, ingress: [{ fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }] },
      wide("port 22 is", "0.0.0.0/1 and 128.0.0.0/1"),
    ],
    ["half of everybody", rule, { cidrIpv4: "128.0.0.0/1" }, wide("every port is", "128.0.0.0/1")],
    ["the unicast addresses of IPv6", rule, { cidrIpv6: "2000::/3" }, wide("every port is", "2000::/3")],
  ])("finds %s", (_name, type, props, message) => {
    expect(messages(type, props)).toEqual([message]);
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["a rule for a /8", rule, { cidrIpv4: "16.0.0.0/8", fromPort: 22, toPort: 22 }],
    ["a rule for a range of IPv6", rule, { cidrIpv6: "2001:db8::/32", fromPort: 22, toPort: 22 }],
    ["a rule for a security group", rule, { referencedSecurityGroupId: "sg-1", fromPort: 22, toPort: 22 }],
    ["a way out", "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { cidrIpv4: "0.0.0.0/0" }],
    ["a way out of the older kind", oldRule, { type: "egress", cidrBlocks: ["0.0.0.0/0"] }],
    [
      "a group with rules for private ranges",
      group,
      { ...tagged, ingress: [{ cidrBlocks: ["10.0.0.0/8"] }] },
    ],
  ])("lets %s pass", (_name, type, props) => {
    expect(messages(type, props)).toEqual([]);
  });

  it("lets the ports be open that an organization chose, and no range around them", () => {
    const https = { cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 };

    expect(messages(rule, https, [443])).toEqual([]);
    expect(messages(rule, https, [80])).toEqual([open("port 443 is")]);
    expect(messages(rule, { ...https, toPort: 444 }, [443, 444])).toEqual([open("ports 443 to 444 are")]);
  });
});
