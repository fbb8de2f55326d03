import { subnetsOfNodes } from "./nodeSubnets.ts";
import type { Messages, PolicyResource, StackPolicy, Violation } from "./policy.ts";
import { at, isTrue, isUnknown, listOf } from "./values.ts";

/** Nodes are reachable through the VPC and Session Manager, but not from the internet. */
export const privateNodes: StackPolicy = {
  of: "stack",
  name: "private-nodes",
  description: "Nodes have no public address, no route from the internet and no SSH open to everyone.",
  violations: (resources) => [
    ...resources.flatMap((one) => [addresses(one)].flat().map((message) => ({ urn: one.urn, message }))),
    ...routes(resources),
  ],
};

function addresses({ type, inputs }: PolicyResource): Messages {
  switch (type) {
    case "aws:ec2/subnet:Subnet":
      return isTrue(inputs["mapPublicIpOnLaunch"])
        ? "instances in the subnet get a public address; nodes must not. Set mapPublicIpOnLaunch: false."
        : [];
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return listOf(inputs["networkInterfaces"]).some((one) => isTrue(at(one, "associatePublicIpAddress")))
        ? "its instances get a public address; nodes must not. Set associatePublicIpAddress: false."
        : [];
    case "aws:ec2/instance:Instance":
      return isTrue(inputs["associatePublicIpAddress"])
        ? "the instance gets a public address; it must not. Set associatePublicIpAddress: false."
        : [];
    case "aws:eks/nodeGroup:NodeGroup":
      return isSshOpen(inputs["remoteAccess"])
        ? "SSH is open to everyone; Session Manager gives a shell without it. Remove remoteAccess, or set sourceSecurityGroupIds."
        : [];
    default:
      return [];
  }
}

/** EKS opens port 22 to everyone where a key is set without security groups. */
function isSshOpen(remoteAccess: unknown): boolean {
  if (remoteAccess === undefined || isUnknown(remoteAccess)) return false;
  return listOf(at(remoteAccess, "sourceSecurityGroupIds")).length === 0;
}

/** Virtual private gateways lead to private networks, and local gateways nowhere. */
function leadsOut(gatewayId: unknown): boolean {
  return gatewayId !== undefined && !/^(vgw-|local$)/.test(String(gatewayId));
}

/** Node groups in a subnet whose route table leads to an internet gateway. */
function routes(resources: readonly PolicyResource[]): Violation[] {
  const ofType = (type: string) => resources.filter((one) => one.type === type);
  const known = (value: unknown): value is string => typeof value === "string" && !isUnknown(value);
  const publicTables = new Set(
    ofType("aws:ec2/route:Route")
      .filter(({ inputs }) => leadsOut(inputs["gatewayId"]))
      .map(({ inputs }) => inputs["routeTableId"])
      .filter(known),
  );
  const publicSubnets = new Set(
    ofType("aws:ec2/routeTableAssociation:RouteTableAssociation")
      .filter(({ inputs }) => publicTables.has(String(inputs["routeTableId"])))
      .map(({ inputs }) => inputs["subnetId"])
      .filter(known),
  );
  return resources
    .filter((one) => subnetsOfNodes(one).some((id) => publicSubnets.has(String(id))))
    .map(({ urn }) => ({
      urn,
      message:
        "nodes are in a subnet with a route to an internet gateway; they must use a NAT gateway or endpoints. Move them to another subnet.",
    }));
}
