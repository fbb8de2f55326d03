import { Netmask } from "netmask";
import { groupedBy, nodesText } from "../../../../components/checks/existing/nodes.ts";
import { ports } from "../../../../components/facts/ports.ts";
import { counted } from "../../../../components/values/problem.ts";
import type { SecurityRule } from "../aws/ec2.ts";
import type { Check, Finding } from "../check.ts";
import { isOnEc2, type NodeInterface, nodeInterfaces, securityRules } from "../reading/interfaces.ts";

const [vxlanPort] = ports.vxlan.ports;

/** Whether security groups let VXLAN pass between any two nodes, out of the one and into the other. */
export const vxlanAllowed: Check = {
  name: "vxlan-allowed",
  title: `security groups let UDP ${vxlanPort} pass between any two nodes, both ways`,
  source: "components/facts/ports.ts; EC2, DescribeSecurityGroupRules",
  meaning: "Requests to a NodePort whose pod runs on such a node vanish, and so do pod packets in VXLAN.",
  cure: "Run npx pulumi up, which writes the rules again; by hand, allow it from and to the nodes' security group.",
  needs: ["read", "aws"],
  appliesTo: isOnEc2,
  async run(live) {
    const [all, rules] = await Promise.all([nodeInterfaces(live), securityRules(live)]);
    const primary = all.filter(({ isPrimary }) => isPrimary);
    const open = rules.filter(opensVxlan);
    // Nodes with the same groups differ by their addresses alone, which only a rule for addresses looks at.
    const classes = groupedBy(primary, ({ securityGroupIds }) => securityGroupIds.toSorted().join(" "));
    return classes.flatMap(([, senders]) =>
      classes.flatMap(([, receivers]) => between(senders, receivers, open)),
    );
  },
};

function between(
  senders: readonly NodeInterface[],
  receivers: readonly NodeInterface[],
  open: readonly SecurityRule[],
): Finding[] {
  const lets = (isEgress: boolean, own: NodeInterface, peer: NodeInterface) =>
    open.some(
      (rule) =>
        rule.isEgress === isEgress && own.securityGroupIds.includes(rule.groupId) && names(rule, peer),
    );
  const [from, to] = [senders[0], receivers[0]];
  if (from === undefined || to === undefined) return [];
  const unsent = receivers.filter((receiver) => !lets(true, from, receiver));
  const unheard = senders.filter((sender) => !lets(false, to, sender));
  const text = (some: readonly NodeInterface[]) => nodesText(some.map(({ nodeName }) => nodeName));
  const groups = (one: NodeInterface) => one.securityGroupIds.join(", ");
  const failures = [
    ...(unsent.length > 0 ? [`no rule of ${groups(from)} lets it out to ${text(unsent)}`] : []),
    ...(unheard.length > 0 ? [`no rule of ${groups(to)} lets it in from ${text(unheard)}`] : []),
  ];
  if (failures.length === 0)
    return [
      {
        verdict: "passed",
        evidence: `from ${counted(senders.length, "node")} to ${counted(receivers.length, "node")}`,
      },
    ];
  return failures.map((failure) => ({
    verdict: "failed",
    evidence: `UDP ${vxlanPort} from ${text(senders)} to ${text(receivers)}: ${failure}`,
  }));
}

function opensVxlan({ protocol, fromPort, toPort }: SecurityRule): boolean {
  if (protocol === "-1") return true;
  return (protocol === "udp" || protocol === "17") && fromPort <= vxlanPort && toPort >= vxlanPort;
}

function names({ peerGroupId, peerCidr }: SecurityRule, peer: NodeInterface): boolean {
  if (peerGroupId !== undefined) return peer.securityGroupIds.includes(peerGroupId);
  return peerCidr !== undefined && new Netmask(peerCidr).contains(peer.privateIp);
}
