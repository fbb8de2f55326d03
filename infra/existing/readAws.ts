import type { AwsSnapshot, FoundNode, FoundRule } from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import { Ec2, type SecurityRule } from "../ec2.ts";
import type { Reading } from "./unread.ts";

/** Reads the network interfaces of the nodes that are EC2 instances, and the rules of their security groups. */
export async function readAws(
  { account, region, profile }: ExistingSettings,
  nodes: readonly FoundNode[],
  reading: Reading,
): Promise<AwsSnapshot | undefined> {
  const ec2 = new Ec2({ profile, roleArn: account.roleArn });
  // Undefined: as the environment says.
  const where = region === "" ? nodes.find((node) => node.region !== undefined)?.region : region;
  const nodeNames = new Map(
    nodes.flatMap(({ instanceId, name }) => (instanceId ? [[instanceId, name]] : [])),
  );
  try {
    const found = await reading.of({ verb: "ec2:DescribeInstances", resource: "" }, () =>
      ec2.interfaces([...nodeNames.keys()], where),
    );
    if (found === undefined) return undefined;
    const groups = [...new Set(found.flatMap(({ securityGroupIds }) => securityGroupIds))].toSorted();
    const rules = await reading.of({ verb: "ec2:DescribeSecurityGroupRules", resource: "" }, () =>
      ec2.rules(groups, where),
    );
    if (rules === undefined) return undefined;
    return {
      interfaces: found.map(({ instanceId, ...one }) => ({
        ...one,
        nodeName: nodeNames.get(instanceId) ?? "",
      })),
      rules: rules.filter(({ isEgress }) => !isEgress).map(ingressOf),
    };
  } finally {
    await ec2.close();
  }
}

function ingressOf({ peerCidr, peerGroupId, groupId, protocol, fromPort, toPort }: SecurityRule): FoundRule {
  return { groupId, protocol, fromPort, toPort, sourceGroupId: peerGroupId, sourceCidr: peerCidr };
}
