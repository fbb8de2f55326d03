import { milestones } from "../durations.ts";
import { Refusal, type Values } from "../protocol/provider.ts";
import type { Instance, Taint } from "../world/instance.ts";
import { freeAddresses } from "./addresses.ts";
import { amiType, architectureOf, bootProblem, kernelOf, newestRelease } from "./amis.ts";
import { allows } from "./firewall.ts";
import { isAllowed } from "./iam.ts";
import { resourceId } from "./ids.ts";
import { furtherInterfaces } from "./instanceNetwork.ts";
import { type AwsObject, type Cloud, keyOf } from "./model.ts";
import { attachInterface, interfacesOf, privateDnsName } from "./networkInterface.ts";
import { kubeletProblem } from "./nodeLabels.ts";
import { types } from "./types.ts";
import { isUnderstoodByNode } from "./userData.ts";
import { record, records, text, texts } from "./values.ts";

/** What a node's role must be allowed to do for the node to join. */
const neededActions = ["ec2:DescribeInstances", "ecr:GetAuthorizationToken", "ecr:BatchGetImage"];

/** What makes a node join that could not before. */
export const joinProviders = [
  types.ingressRule,
  types.egressRule,
  types.rolePolicy,
  types.rolePolicyAttachment,
];

/** An instance that was launched, whether or not it is a node yet. */
export interface Machine {
  readonly id: string;
  readonly networkInterface: AwsObject;
  readonly instanceType: string;
}

/** The version of the launch template that a node group names. */
export function templateInputs(cloud: Pick<Cloud, "find">, inputs: Values): Values | undefined {
  const template = cloud.find(types.launchTemplate, text(inputs, "launchTemplate.id"));
  if (template === undefined) return undefined;
  const version = text(inputs, "launchTemplate.version");
  const byName: Readonly<Record<string, string>> = { $Latest: "latestVersion", $Default: "defaultVersion" };
  return template.versions[Number(text(template.outputs, byName[version] ?? "") || version) - 1];
}

function clusterOf(cloud: Pick<Cloud, "find">, inputs: Values): AwsObject | undefined {
  return cloud.find(types.cluster, text(inputs, "clusterName"));
}

/** Groups of a node's interface: the template's; without any, EKS gives the cluster's own. */
function securityGroupsOf(cloud: Cloud, inputs: Values): string[] {
  const groups = texts(templateInputs(cloud, inputs) ?? {}, "vpcSecurityGroupIds");
  const cluster = clusterOf(cloud, inputs)?.outputs ?? {};
  return groups.length > 0 ? groups : texts(cluster, "vpcConfig.clusterSecurityGroupId");
}

/** The subnets in which the group's Auto Scaling group would look for room, emptiest group member first. */
function placement(cloud: Cloud, inputs: Values, machines: readonly AwsObject[]): AwsObject {
  const subnets = texts(inputs, "subnetIds").flatMap((id) => cloud.find(types.subnet, id) ?? []);
  const instanceTypes = texts(inputs, "instanceTypes");
  const offered = subnets.filter((subnet) => offeredType(cloud, instanceTypes, subnet) !== undefined);
  if (offered.length === 0) {
    const zone = text(subnets[0]?.inputs ?? {}, "availabilityZone");
    throw new Refusal(
      `AsgInstanceLaunchFailures: Your requested instance type (${instanceTypes.join(", ")}) is not supported in your requested Availability Zone (${zone}). Launching EC2 instance failed.`,
    );
  }
  const used = ({ id }: AwsObject) =>
    machines.filter((machine) => text(machine.inputs, "subnetId") === id).length;
  const [subnet] = offered
    .filter((one) => freeAddresses(cloud, one).length > 0)
    .toSorted((a, b) => used(a) - used(b));
  if (subnet !== undefined) return subnet;
  throw new Refusal(
    `AsgInstanceLaunchFailures: Could not launch instances. InsufficientFreeAddressesInSubnet - There are not enough free addresses in subnet '${offered[0]?.id}' to satisfy the requested number of instances. Launching EC2 instance failed.`,
  );
}

function offeredType(cloud: Cloud, instanceTypes: readonly string[], subnet: AwsObject): string | undefined {
  const zone = text(subnet.inputs, "availabilityZone");
  return instanceTypes.find((type) => cloud.offerings[type]?.includes(zone) ?? true);
}

/** Launches one instance of a group: it has an address at once, and is a node later. */
export function launch(group: AwsObject, inputs: Values, cloud: Cloud): Machine {
  group.serial += 1;
  const seed = `${group.seed} ${group.serial}`;
  const subnet = placement(cloud, inputs, interfacesOf(cloud, keyOf(group.type, group.id)));
  const networkInterface = attachInterface(cloud, group, {
    id: resourceId("eni", seed),
    subnetId: subnet.id,
    securityGroupIds: securityGroupsOf(cloud, inputs),
  });
  const instanceType = offeredType(cloud, texts(inputs, "instanceTypes"), subnet) ?? "";
  return { id: resourceId("i", seed), networkInterface, instanceType };
}

/** Why a machine cannot join its cluster as things are; undefined when it can. */
export function joinProblem(
  machine: Pick<Machine, "instanceType"> & { readonly networkInterface: Pick<AwsObject, "inputs"> },
  inputs: Values,
  cloud: Pick<Cloud, "find" | "objects" | "ofType">,
): string | undefined {
  const cluster = clusterOf(cloud, inputs);
  if (cluster === undefined) return "the cluster is gone";
  const roleArn = text(inputs, "nodeRoleArn");
  const denied = neededActions.find(
    (action) => !isAllowed(cloud.objects, { roleArn, action, resource: "*", context: {} }),
  );
  if (denied !== undefined) return `the node role may not ${denied}`;
  if (!isUnderstoodByNode(text(templateInputs(cloud, inputs) ?? {}, "userData"))) {
    return "nodeadm does not understand the NodeConfig in the user data";
  }
  const boot = bootProblem(machine.instanceType, amiType(text(inputs, "amiType")));
  if (boot !== undefined) return boot;
  const kubelet = kubeletProblem(inputs);
  if (kubelet !== undefined) return kubelet;
  const { inputs: eni } = machine.networkInterface;
  const fromInterface = { securityGroupIds: texts(eni, "securityGroups"), ip: text(eni, "privateIp") };
  const reachable = interfacesOf(cloud, keyOf(cluster.type, cluster.id)).some((controlPlane) =>
    allows(cloud, {
      fromInterface,
      toSecurityGroupIds: texts(controlPlane.inputs, "securityGroups"),
      toIp: text(controlPlane.inputs, "privateIp"),
      protocol: "tcp",
      port: 443,
    }),
  );
  return reachable ? undefined : "TCP 443 from the node to the control plane is closed";
}

/** Makes a node of a machine: from now on Kubernetes sees it. */
export function join(
  { id, networkInterface, instanceType }: Machine,
  inputs: Values,
  cloud: Cloud,
): Instance {
  const { family, architecture } = amiType(text(inputs, "amiType")) ?? {
    family: "AL2023",
    architecture: "x86_64",
  };
  const version = text(inputs, "version") || text(clusterOf(cloud, inputs)?.outputs ?? {}, "version");
  const release = text(inputs, "releaseVersion") || (newestRelease(family, version) ?? "");
  const privateIp = text(networkInterface.inputs, "privateIp");
  const labels = Object.entries(record(inputs, "labels")).map(
    ([key, value]) => [key, String(value)] as const,
  );
  const instance: Instance = {
    id,
    nodeName: privateDnsName(cloud.region, privateIp),
    privateIp,
    subnetId: text(networkInterface.inputs, "subnetId"),
    networkInterfaceId: networkInterface.id,
    securityGroupIds: texts(networkInterface.inputs, "securityGroups"),
    roleArn: text(inputs, "nodeRoleArn"),
    nodeGroupName: text(inputs, "nodeGroupName"),
    instanceType,
    family,
    architecture: architectureOf(instanceType) ?? architecture,
    kernel: kernelOf(family, architecture, version, release),
    labels: { ...Object.fromEntries(labels), "eks.amazonaws.com/nodegroup": text(inputs, "nodeGroupName") },
    taints: records(inputs, "taints").map((taint) => taintOf(taint)),
    sourceDestCheck: true,
    ready: false,
  };
  cloud.instances.set(id, instance);
  cloud.activity.changed();
  return instance;
}

/** EKS's taint as the kubelet registers it: `NO_SCHEDULE` is `NoSchedule`. */
function taintOf(taint: Values): Taint {
  const effect = text(taint, "effect")
    .toLowerCase()
    .replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const value = text(taint, "value");
  return { key: text(taint, "key"), effect, ...(value === "" ? {} : { value }) };
}

/** Boots machines until their nodes could register. */
export async function boot(cloud: Cloud): Promise<void> {
  await cloud.activity.work(milestones.instanceBoot.seconds);
}

/** The nodes that belong to a group. */
export function nodesOf(group: AwsObject, cloud: Cloud): Instance[] {
  const interfaces = new Set(interfacesOf(cloud, keyOf(group.type, group.id)).map(({ id }) => id));
  return [...cloud.instances.values()].filter(({ networkInterfaceId }) => interfaces.has(networkInterfaceId));
}

/** Takes an instance away, with its node and its interface. */
export function terminate(instance: Instance, cloud: Cloud): void {
  cloud.instances.delete(instance.id);
  const first = cloud.find(types.networkInterface, instance.networkInterfaceId);
  for (const one of [...(first === undefined ? [] : [first]), ...furtherInterfaces(cloud, instance)]) {
    cloud.remove(one);
  }
  cloud.activity.changed();
}
