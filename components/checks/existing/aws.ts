import { Netmask } from "netmask";
import { ports } from "../../facts/ports.ts";
import { type Found, listed, type Problem } from "../../values/problem.ts";
import { groupedBy, nodesText } from "./nodes.ts";
import type {
  Access,
  AwsSnapshot,
  ClusterSnapshot,
  FoundInterface,
  FoundNode,
  FoundRule,
} from "./snapshot.ts";

const [vxlanPort] = ports.vxlan.ports;

/** Rules on packets that a node sends with another node's address, and on packets between nodes. */
export function awsProblems({ interfaces, rules }: AwsSnapshot, nodes: readonly FoundNode[]): Problem[] {
  const primary = interfaces.filter(({ isPrimary }) => isPrimary);
  return [
    unseen(primary, nodes),
    subnetProblems(primary),
    checkProblems(interfaces),
    vxlanProblems(primary, rules),
  ].flat();
}

function unseen(primary: readonly FoundInterface[], nodes: readonly FoundNode[]): Found {
  const seen = new Set(primary.map(({ nodeName }) => nodeName));
  const missing = nodes.filter(({ name }) => !seen.has(name)).map(({ name }) => name);
  if (missing.length === 0) return [];
  return {
    path: nodesText(missing),
    found: "EC2 does not know the instance, so its network interface is unknown",
    needs: "DSR needs every node in one subnet, with the source/destination check off",
    fix: "Check aws:region and aws:profile, or set calico.externalService: Tunnel",
  };
}

function subnetProblems(primary: readonly FoundInterface[]): Found {
  const bySubnet = groupedBy(primary, ({ subnetId }) => subnetId);
  if (bySubnet.length < 2) return [];
  const texts = bySubnet.map(
    ([subnet, group]) => `${subnet} (${nodesText(group.map((one) => one.nodeName))})`,
  );
  return {
    path: "calico.externalService",
    found: `the nodes are in ${bySubnet.length} subnets: ${listed(texts)}`,
    needs: "DSR needs one: only within a subnet does AWS let a node send with another node's address",
    fix: "Set externalService: Tunnel",
  };
}

function checkProblems(interfaces: readonly FoundInterface[]): Found {
  const checked = interfaces.filter(({ sourceDestCheck }) => sourceDestCheck);
  if (checked.length === 0) return [];
  const ids = checked.map(({ id }) => id);
  return {
    path: `${nodesText([...new Set(checked.map(({ nodeName }) => nodeName))])}, source/destination check`,
    found: `it is on for ${ids.slice(0, 3).join(", ")}${ids.length > 3 ? ` and ${ids.length - 3} others` : ""}`,
    needs: "with DSR a node sends with another node's address, which AWS then drops",
    fix: "Allow the nodes ec2:ModifyNetworkInterfaceAttribute and set awsSrcDstCheck: Disable in FelixConfiguration default, which also turns it off for new nodes; or set externalService: Tunnel",
  };
}

/** Between any two nodes, one line for those with the same security groups. */
function vxlanProblems(primary: readonly FoundInterface[], rules: readonly FoundRule[]): Problem[] {
  const open = rules.filter(opensVxlan);
  const classes = groupedBy(primary, ({ securityGroupIds }) => securityGroupIds.toSorted().join(", "));
  return classes.flatMap(([to, receivers]) => {
    const shut = classes.flatMap(([, senders]) => {
      const heard = open.filter(({ groupId }) => receivers[0]?.securityGroupIds.includes(groupId));
      // A single node sends itself nothing.
      const others = senders === receivers && senders.length === 1 ? [] : senders;
      return others.filter((sender) => !heard.some((rule) => letsIn(rule, sender)));
    });
    if (shut.length === 0) return [];
    return {
      path: `${nodesText(receivers.map(({ nodeName }) => nodeName))}, UDP ${vxlanPort}`,
      found: `no rule of ${to === "" ? "a security group" : to} lets it in from ${nodesText(shut.map(({ nodeName }) => nodeName))}`,
      needs: "eBPF forwards requests to NodePorts between all nodes in VXLAN",
      fix: `Add a rule for UDP ${vxlanPort} from the nodes' security group`,
    };
  });
}

function opensVxlan({ protocol, fromPort, toPort }: FoundRule): boolean {
  if (protocol === "-1") return true;
  return (protocol === "udp" || protocol === "17") && fromPort <= vxlanPort && toPort >= vxlanPort;
}

function letsIn({ sourceGroupId, sourceCidr }: FoundRule, sender: FoundInterface): boolean {
  if (sourceGroupId !== undefined) return sender.securityGroupIds.includes(sourceGroupId);
  return sourceCidr !== undefined && new Netmask(sourceCidr).contains(sender.privateIp);
}

/** What could not be read is unknown, and does not pass; a write that is not permitted is reported now. */
export function accessProblems({ unread, forbidden }: ClusterSnapshot): Problem[] {
  return [
    ...unread.map((one) => ({
      path: accessText(one),
      found: `unknown: ${one.why}`,
      needs: "what cannot be read cannot be checked",
      fix:
        one.resource === ""
          ? `Allow ${one.verb}, or make sure that AWS can be reached`
          : `Allow ${accessText(one)}`,
    })),
    ...groupedBy(forbidden, ({ resource, namespace }) => JSON.stringify([resource, namespace])).map(
      ([, group]) => {
        const [first] = group;
        const verbs = group.map(({ verb }) => verb).join(", ");
        const text = accessText({ ...first, verb: verbs, resource: first?.resource ?? "" });
        return {
          path: text,
          found: "it is not permitted",
          needs: "this program would stop halfway",
          fix: `Allow ${text}`,
        };
      },
    ),
  ];
}

function accessText({ verb, resource, namespace }: Access): string {
  const what = resource === "" ? verb : `${verb} ${resource}`;
  return namespace === undefined ? what : `${what} in ${namespace}`;
}
