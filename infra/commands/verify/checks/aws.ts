import { Netmask } from "netmask";
import { groupedBy, nodesText } from "../../../../components/checks/existing/nodes.ts";
import { ports } from "../../../../components/facts/ports.ts";
import { counted } from "../../../../components/values/problem.ts";
import type { SecurityRule } from "../../../ec2.ts";
import type { Check, Finding, Live } from "../check.ts";
import { externalServiceMode, felixDefault, hasVpcCni } from "../reading/calico.ts";
import {
  ec2NodeNames,
  isOnEc2,
  type NodeInterface,
  nodeInterfaces,
  securityRules,
} from "../reading/interfaces.ts";

/** Whether DSR is configured; otherwise why its rules do not apply. */
async function isDsr(live: Live): Promise<string | true> {
  const onEc2 = await isOnEc2(live);
  if (onEc2 !== true) return onEc2;
  return (await externalServiceMode(live)) === "DSR" || "replies go back through the first node (Tunnel)";
}

/** Whether DSR's replies stay in one subnet. */
export const nodeSubnet: Check = {
  name: "node-subnet",
  title: "all nodes' interfaces are in one subnet, which DSR needs",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, direct server return; EC2, DescribeInstances",
  meaning:
    "AWS drops replies that a node sends with another node's address when the two are in different subnets.",
  cure: "Keep one node subnet, or set calico.externalService: Tunnel.",
  needs: ["read", "aws"],
  appliesTo: isDsr,
  async run(live) {
    const primary = (await nodeInterfaces(live)).filter(({ isPrimary }) => isPrimary);
    const common = mostCommon(primary.map(({ subnetId }) => subnetId));
    return perEc2Node(live, primary, ([one]) =>
      one?.subnetId === common
        ? { verdict: "passed", evidence: common }
        : { verdict: "failed", evidence: `${one?.id} is in ${one?.subnetId}, most others are in ${common}` },
    );
  },
};

/** Whether AWS lets nodes send with addresses other than their own. */
export const sourceDestinationCheck: Check = {
  name: "source-destination-check",
  title: "the source/destination check is off on every node's interfaces",
  source: "EC2 user guide, source/destination check; FelixConfiguration awsSrcDstCheck",
  meaning:
    "AWS drops packets that such a node sends with another address: DSR replies, and pod packets without encapsulation.",
  cure: "Allow the node role ec2:ModifyNetworkInterfaceAttribute on its subnets (npx pulumi up --refresh does), then restart calico-node there: Felix turns the check off when it starts.",
  needs: ["read", "aws"],
  async appliesTo(live) {
    const onEc2 = await isOnEc2(live);
    if (onEc2 !== true) return onEc2;
    const isAsked = (await felixDefault(live))?.spec?.["awsSrcDstCheck"] === "Disable";
    return isAsked || (await externalServiceMode(live)) === "DSR" || "nothing requires it to be off";
  },
  async run(live) {
    // Felix turns it off on the first interface only; the VPC CNI leaves it on at those it adds, on existing clusters.
    const onlyPrimary = await hasVpcCni(live);
    const interfaces = (await nodeInterfaces(live)).filter(({ isPrimary }) => isPrimary || !onlyPrimary);
    return perEc2Node(live, interfaces, (own) => {
      const checked = own.filter((one) => one.sourceDestCheck).map(({ id }) => id);
      return checked.length === 0
        ? { verdict: "passed", evidence: "off" }
        : { verdict: "failed", evidence: `it is on for ${checked.join(", ")}` };
    });
  },
};

/** A finding for each node on EC2, unknown where EC2 has no interface for it. */
async function perEc2Node(
  live: Live,
  interfaces: readonly NodeInterface[],
  look: (own: readonly NodeInterface[]) => Omit<Finding, "node">,
): Promise<Finding[]> {
  const byNode = Map.groupBy(interfaces, ({ nodeName }) => nodeName);
  return (await ec2NodeNames(live)).map((node) => {
    const own = byNode.get(node);
    if (own !== undefined) return { node, ...look(own) };
    return {
      node,
      verdict: "unknown",
      evidence: "EC2 does not find the instance: check AWS_PROFILE and the region",
    };
  });
}

function mostCommon(values: readonly string[]): string {
  const groups = [...Map.groupBy(values, (value) => value)];
  return groups.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "";
}

const [vxlanPort] = ports.vxlan.ports;

/** Whether security groups allow VXLAN between any two nodes, outbound and inbound. */
export const vxlanAllowed: Check = {
  name: "vxlan-allowed",
  title: `security groups allow UDP ${vxlanPort} between any two nodes, in both directions`,
  source: "components/facts/ports.ts; EC2, DescribeSecurityGroupRules",
  meaning: "Requests to a NodePort whose pod runs on such a node are lost, and so are pod packets in VXLAN.",
  cure: "Run npx pulumi up --refresh, which writes the rules again; or allow it manually from and to the nodes' security group.",
  needs: ["read", "aws"],
  appliesTo: isOnEc2,
  async run(live) {
    const [all, rules] = await Promise.all([nodeInterfaces(live), securityRules(live)]);
    const primary = all.filter(({ isPrimary }) => isPrimary);
    const open = rules.filter(opensVxlan);
    // Nodes with the same groups differ only in their addresses, which matter only for rules on addresses.
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
    ...(unsent.length > 0 ? [`no rule of ${groups(from)} allows it out to ${text(unsent)}`] : []),
    ...(unheard.length > 0 ? [`no rule of ${groups(to)} allows it in from ${text(unheard)}`] : []),
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
