import { containsAddress } from "./addresses.ts";
import type { AwsObject, Cloud } from "./model.ts";
import { types } from "./types.ts";
import { number, text } from "./values.ts";

export interface Connection {
  /** Without security groups, the sender is outside the VPC, and only the target's rules count. */
  readonly fromInterface: { readonly securityGroupIds: readonly string[]; readonly ip: string };
  readonly toSecurityGroupIds: readonly string[];
  /** Address of the target. Without it, an egress rule for a range counts only when it is for everything. */
  readonly toIp?: string;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
}

interface Peer {
  readonly securityGroupIds: readonly string[];
  readonly ip: string | undefined;
}

/** Numbers that stand for the protocols in a rule, too. */
const protocolNumbers = { tcp: "6", udp: "17" } as const;

function admits({ inputs }: AwsObject, { protocol, port }: Connection, peer: Peer): boolean {
  const ruleProtocol = text(inputs, "ipProtocol");
  const anyPort = ruleProtocol === "-1";
  if (!anyPort && ruleProtocol !== protocol && ruleProtocol !== protocolNumbers[protocol]) return false;
  if (!anyPort && (port < (number(inputs, "fromPort") ?? 0) || port > (number(inputs, "toPort") ?? -1)))
    return false;
  const cidr = text(inputs, "cidrIpv4");
  if (cidr === "") return peer.securityGroupIds.includes(text(inputs, "referencedSecurityGroupId"));
  return cidr === "0.0.0.0/0" || (peer.ip !== undefined && containsAddress(cidr, peer.ip));
}

/**
 * Whether a connection may be opened, by the security group rules as they are written: some egress rule of the sender's
 * groups and some ingress rule of the target's groups must admit it.
 */
export function allows(cloud: Pick<Cloud, "ofType">, connection: Connection): boolean {
  const { fromInterface, toSecurityGroupIds, toIp } = connection;
  const rules = (type: string, groups: readonly string[]) =>
    cloud.ofType(type).filter(({ inputs }) => groups.includes(text(inputs, "securityGroupId")));
  const target = { securityGroupIds: toSecurityGroupIds, ip: toIp };
  const { securityGroupIds } = fromInterface;
  const mayLeave =
    securityGroupIds.length === 0 ||
    rules(types.egressRule, securityGroupIds).some((rule) => admits(rule, connection, target));
  return (
    mayLeave &&
    rules(types.ingressRule, toSecurityGroupIds).some((rule) => admits(rule, connection, fromInterface))
  );
}
