import type { PortRule } from "../dataPath/firewall.ts";
import type { AwsObject, Cloud } from "./model.ts";
import { types } from "./types.ts";
import { number, text, texts } from "./values.ts";

/** Protocols of rules by name and number; others carry no packet of a node. */
const protocols: Readonly<Record<string, PortRule["protocol"]>> = {
  "-1": "-1",
  tcp: "tcp",
  "6": "tcp",
  udp: "udp",
  "17": "udp",
  icmp: "icmp",
  "1": "icmp",
};

/**
 * What security groups let in and out, with each referenced group as the addresses of the interfaces that are in it
 * now.
 */
export function portRules(
  cloud: Pick<Cloud, "ofType">,
  securityGroupIds: readonly string[],
): { readonly ingress: readonly PortRule[]; readonly egress: readonly PortRule[] } {
  const of = (type: string) =>
    cloud
      .ofType(type)
      .filter(({ inputs }) => securityGroupIds.includes(text(inputs, "securityGroupId")))
      .flatMap((rule) => portRule(cloud, rule) ?? []);
  return { ingress: of(types.ingressRule), egress: of(types.egressRule) };
}

function portRule(cloud: Pick<Cloud, "ofType">, { inputs }: AwsObject): PortRule | undefined {
  const protocol = protocols[text(inputs, "ipProtocol")];
  if (protocol === undefined) return undefined;
  const cidr = text(inputs, "cidrIpv4");
  const peers = cidr === "" ? members(cloud, text(inputs, "referencedSecurityGroupId")) : [cidr];
  const [first, last] = [number(inputs, "fromPort"), number(inputs, "toPort")];
  if (protocol === "-1" || first === undefined || last === undefined) return { protocol, peers };
  return { protocol, ports: [first, last], peers };
}

function members(cloud: Pick<Cloud, "ofType">, securityGroupId: string): string[] {
  return cloud
    .ofType(types.networkInterface)
    .filter(({ inputs }) => texts(inputs, "securityGroups").includes(securityGroupId))
    .flatMap(({ inputs }) => [`${text(inputs, "privateIp")}/32`, ...texts(inputs, "ipv4Prefixes")])
    .filter((peer) => peer !== "/32");
}
