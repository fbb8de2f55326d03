import type { Check, Finding, Live } from "../check.ts";
import { externalServiceMode, felixDefault } from "../reading/calico.ts";
import { ec2NodeNames, isOnEc2, type NodeInterface, nodeInterfaces } from "../reading/interfaces.ts";

/** DSR as configured; else why its rules do not hold. */
async function isDsr(live: Live): Promise<string | true> {
  const onEc2 = await isOnEc2(live);
  if (onEc2 !== true) return onEc2;
  return (await externalServiceMode(live)) === "DSR" || "replies go back through the first node (Tunnel)";
}

/** Whether DSR's replies stay in one subnet. */
export const nodeSubnet: Check = {
  name: "node-subnet",
  title: "every node's interface is in one subnet, as DSR needs it",
  source: "tigera/docs operations/ebpf/enabling-ebpf.mdx, direct server return; EC2, DescribeInstances",
  meaning:
    "AWS drops replies that a node sends with another node's address where the two are in different subnets.",
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

/** Whether AWS lets nodes send with other addresses than their own. */
export const sourceDestinationCheck: Check = {
  name: "source-destination-check",
  title: "the source/destination check is off on every node's interfaces",
  source: "EC2 user guide, source/destination check; FelixConfiguration awsSrcDstCheck",
  meaning:
    "AWS drops what such a node sends with another address: DSR's replies, and pod packets without encapsulation.",
  cure: "Allow the node role ec2:ModifyNetworkInterfaceAttribute on its subnets (npx pulumi up does), then restart calico-node there: Felix turns the check off when it starts.",
  needs: ["read", "aws"],
  async appliesTo(live) {
    const onEc2 = await isOnEc2(live);
    if (onEc2 !== true) return onEc2;
    const isAsked = (await felixDefault(live))?.spec?.["awsSrcDstCheck"] === "Disable";
    return isAsked || (await externalServiceMode(live)) === "DSR" || "nothing asks for it to be off";
  },
  async run(live) {
    return perEc2Node(live, await nodeInterfaces(live), (own) => {
      const checked = own.filter((one) => one.sourceDestCheck).map(({ id }) => id);
      return checked.length === 0
        ? { verdict: "passed", evidence: "off" }
        : { verdict: "failed", evidence: `it is on for ${checked.join(", ")}` };
    });
  },
};

/** A finding for each node on EC2, unknown where EC2 knows no interface of it. */
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
      evidence: "EC2 knows no such instance here: see AWS_PROFILE and the region",
    };
  });
}

function mostCommon(values: readonly string[]): string {
  const groups = [...Map.groupBy(values, (value) => value)];
  return groups.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0] ?? "";
}
