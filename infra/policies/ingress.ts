import { openSources } from "./openSources.ts";
import type { PolicyChoices, ResourcePolicy } from "./policy.ts";
import { at, listOf } from "./values.ts";

/** What one rule allows, from any resource. */
interface Opening {
  readonly sources: readonly unknown[];
  readonly fromPort: unknown;
  readonly toPort: unknown;
}

/** A port that is open to everyone is found within minutes. */
export const noOpenIngress: ResourcePolicy = {
  of: "resource",
  name: "no-open-ingress",
  description: "No security group is open to everyone.",
  violations: ({ type, inputs }, choices) =>
    openings(type, inputs).flatMap((opening) => {
      const from = openSources(opening.sources);
      if (from.length === 0 || isChosen(opening, choices)) return [];
      return `${ports(opening)} to ${from.join(" and ")}, which is ${from.some((source) => source.endsWith("/0")) ? "everyone" : "more than one organization has"}; only known ranges are allowed. List the ranges that need access.`;
    }),
};

function openings(type: string, inputs: Readonly<Record<string, unknown>>): Opening[] {
  switch (type) {
    case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
      return [opening(inputs, [inputs["cidrIpv4"], inputs["cidrIpv6"]])];
    case "aws:ec2/securityGroupRule:SecurityGroupRule":
      return inputs["type"] === "ingress" ? [withBlocks(inputs)] : [];
    case "aws:ec2/securityGroup:SecurityGroup":
    case "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup":
      return listOf(inputs["ingress"]).map(withBlocks);
    default:
      return [];
  }
}

function withBlocks(rule: unknown): Opening {
  return opening(rule, [...listOf(at(rule, "cidrBlocks")), ...listOf(at(rule, "ipv6CidrBlocks"))]);
}

function opening(rule: unknown, sources: readonly unknown[]): Opening {
  return { sources, fromPort: at(rule, "fromPort"), toPort: at(rule, "toPort") };
}

function isChosen({ fromPort, toPort }: Opening, { openPorts }: PolicyChoices): boolean {
  return typeof fromPort === "number" && fromPort === toPort && openPorts.includes(fromPort);
}

function ports({ fromPort, toPort }: Opening): string {
  if (typeof fromPort !== "number" || fromPort < 0) return "every port is open";
  return fromPort === toPort ? `port ${fromPort} is open` : `ports ${fromPort} to ${toPort} are open`;
}
