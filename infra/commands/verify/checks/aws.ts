import { Netmask } from "netmask";
import { groupedBy, nodesText } from "../../../../components/checks/existing/nodes.ts";
import { ports } from "../../../../components/facts/ports.ts";
import { within } from "../../../../components/values/cidr.ts";
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
import { type LiveService, services } from "../reading/objects.ts";

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
    // Felix turns it off on the first interface, from which every reply leaves; the VPC CNI leaves it on at those it adds.
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

const targetType = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type";

const anywhere = "0.0.0.0/0";

/** Whether load balancers get their replies. */
export const loadBalancers: Check = {
  name: "load-balancers",
  title: "no Service of type LoadBalancer loses its replies to DSR",
  source: "tigera/docs operations/ebpf/troubleshoot-ebpf.mdx: DSR is not compatible with a load balancer",
  meaning:
    "The load balancer expects the reply from the node that it sent to, but another node answers: connections time out whenever the pod runs elsewhere.",
  cure: "Set externalTrafficPolicy: Local on the Service, or list its clients in calico.dsrOptOutCidrs, or set calico.externalService: Tunnel.",
  needs: ["read"],
  appliesTo: async (live) =>
    (await externalServiceMode(live)) === "DSR" || "replies go back through the first node (Tunnel)",
  async run(live) {
    const optedOut = ((await felixDefault(live))?.spec?.["bpfDSROptoutCIDRs"] ?? []) as readonly string[];
    const found = (await services(live)).filter(({ type }) => type === "LoadBalancer");
    if (found.length === 0)
      return [{ verdict: "passed", evidence: "there is no Service of type LoadBalancer" }];
    const isRouted = await hasVpcCni(live);
    return found.map((service) => findingOf(service, optedOut, isRouted));
  },
};

/** @param isRouted whether the VPC has routes to pods */
function findingOf(service: LiveService, optedOut: readonly string[], isRouted: boolean): Finding {
  const { namespace, name, annotations, externalTrafficPolicy, loadBalancerSourceRanges } = service;
  const named = `Service ${namespace}/${name}`;
  if (externalTrafficPolicy === "Local") {
    return { verdict: "passed", evidence: `${named} has externalTrafficPolicy: Local` };
  }
  if (annotations[targetType] === "ip" && isRouted) {
    return { verdict: "passed", evidence: `${named} sends to pod addresses` };
  }
  if (annotations[targetType] === "ip") {
    return {
      verdict: "failed",
      evidence: `${named} sends to pod addresses, to which the VPC has no route`,
    };
  }
  const clients = loadBalancerSourceRanges.length > 0 ? loadBalancerSourceRanges : [anywhere];
  const open = clients.filter((range) => !optedOut.some((out) => out === range || within(range, out)));
  if (open.length === 0) return { verdict: "passed", evidence: `the clients of ${named} opt out of DSR` };
  return {
    verdict: "failed",
    evidence: `${named} has externalTrafficPolicy: Cluster, and its clients in ${open.join(", ")} do not opt out of DSR`,
  };
}
