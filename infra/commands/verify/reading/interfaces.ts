import type { NetworkInterface, SecurityRule } from "../../../ec2.ts";
import { type Live, oncePerRun } from "../check.ts";
import { nodes } from "./objects.ts";

/** A node's network interface. */
export interface NodeInterface extends NetworkInterface {
  readonly nodeName: string;
}

/** Why EC2 has no data about this cluster; true: its nodes are instances. */
export async function isOnEc2(live: Live): Promise<string | true> {
  const all = await nodes(live);
  return all.some(({ instanceId }) => instanceId !== undefined) || "no node is an EC2 instance";
}

/** Network interfaces of the nodes that are EC2 instances. */
export const nodeInterfaces = oncePerRun(async (live): Promise<NodeInterface[]> => {
  const byInstance = new Map(
    (await nodes(live)).flatMap(({ instanceId, name }) => (instanceId ? [[instanceId, name] as const] : [])),
  );
  const found = await live.ec2.interfaces([...byInstance.keys()], await region(live));
  return found.map((one) => ({ ...one, nodeName: byInstance.get(one.instanceId) ?? one.instanceId }));
});

/** Rules of every security group of the nodes' interfaces. */
export const securityRules = oncePerRun(async (live): Promise<SecurityRule[]> => {
  const groups = (await nodeInterfaces(live)).flatMap(({ securityGroupIds }) => securityGroupIds);
  return live.ec2.rules([...new Set(groups)].toSorted(), await region(live));
});

/** Nodes that should have an interface, by name: those on EC2. */
export const ec2NodeNames = oncePerRun(
  async (live): Promise<string[]> =>
    (await nodes(live)).flatMap(({ instanceId, name }) => (instanceId ? [name] : [])),
);

async function region(live: Live): Promise<string> {
  const { expected } = live.target;
  const labelled = (await nodes(live)).find((node) => node.region !== undefined)?.region;
  return expected?.region ?? labelled ?? "us-east-1";
}
