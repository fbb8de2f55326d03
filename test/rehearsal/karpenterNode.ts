import { Buffer } from "node:buffer";
import type { NodePoolSettings, Settings } from "../../components/settings/settings.ts";
import { freeAddresses, freePrefixes } from "../simulator/aws/addresses.ts";
import type { Aws } from "../simulator/aws/aws.ts";
import type { AwsObject } from "../simulator/aws/model.ts";
import { joinProblem } from "../simulator/aws/nodes.ts";
import { trusts } from "../simulator/aws/policies.ts";
import { types } from "../simulator/aws/types.ts";
import { isUnderstoodByNode } from "../simulator/aws/userData.ts";
import { text, at as valueAt } from "../simulator/aws/values.ts";
import { at, type KubernetesObject } from "../simulator/kubernetes/object.ts";
import type { Instance } from "../simulator/world/instance.ts";
import type { KubernetesDouble } from "../simulator/world/kubernetesDouble.ts";
import type { World } from "../simulator/world/world.ts";

/** A node as Karpenter would start it from an EC2NodeClass as things are, and why it would not work. */
export interface PossibleNode {
  readonly instance: Instance;
  readonly problems: readonly string[];
}

/** One for each EC2NodeClass of a pool; none without Karpenter. */
export function possibleNodes(world: World<KubernetesDouble>, settings: Settings): PossibleNode[] {
  return world.kubernetes
    .contents()
    .filter(({ kind }) => kind === "EC2NodeClass")
    .flatMap((nodeClass) => {
      const pool = settings.nodePools[nodeClass.metadata.name];
      return pool === undefined ? [] : [possibleNode(world, settings, nodeClass, pool)];
    });
}

function possibleNode(
  { aws, cloud }: World<KubernetesDouble>,
  { calico, cluster }: Settings,
  nodeClass: KubernetesObject,
  pool: NodePoolSettings,
): PossibleNode {
  const { name } = nodeClass.metadata;
  const subnets = ids(nodeClass, "subnetSelectorTerms").flatMap((id) => aws.find(types.subnet, id) ?? []);
  const [subnet] = subnets.toSorted((one, other) => room(aws, other) - room(aws, one));
  const role = roleOf(aws, String(at(nodeClass, "spec.instanceProfile")));
  const instance: Instance = {
    id: `possible ${name}`,
    nodeName: `a node of NodePool ${name}`,
    privateIp: subnet === undefined ? "" : (freeAddresses(aws, subnet)[0] ?? ""),
    subnetId: subnet?.id ?? "",
    networkInterfaceId: "eni-possible",
    securityGroupIds: ids(nodeClass, "securityGroupSelectorTerms"),
    roleArn: text(role?.outputs ?? {}, "arn"),
    nodeGroupName: "",
    instanceType: pool.instanceTypes[0] ?? "",
    family: pool.family,
    architecture: pool.architecture,
    kernel: "",
    labels: { ...pool.labels },
    taints: [...pool.taints],
    sourceDestCheck: true,
    ready: false,
  };
  const isTrusted = trusts(valueAt(role?.inputs ?? {}, "assumeRolePolicy"), "ec2.amazonaws.com");
  const problems = [
    ...instance.securityGroupIds.map((id) =>
      aws.find(types.securityGroup, id) ? undefined : `there is no ${id}`,
    ),
    isTrusted ? joins(aws, cluster.name, instance) : "EC2 may not assume the role of the instance profile",
    ...kubeletProblems(nodeClass, pool.maxPods),
    ...(subnet === undefined || instance.privateIp === ""
      ? ["no subnet has a free address"]
      : [
          cloud.mayTurnCheckOff(instance) ? undefined : "Felix may not turn its source/destination check off",
        ]),
    ...(calico.cni === "AmazonVPC" ? [cloud.vpcCniProblem(instance), lacksPrefixes(aws, subnet)] : []),
  ];
  return { instance, problems: problems.flatMap((one) => (one === undefined ? [] : [`${name}: ${one}`])) };
}

function kubeletProblems(nodeClass: KubernetesObject, wanted: number): string[] {
  const maxPods = at(nodeClass, "spec.kubelet.maxPods");
  const userData = Buffer.from(String(at(nodeClass, "spec.userData") ?? "")).toString("base64");
  return [
    ...(maxPods === wanted ? [] : [`Karpenter counts ${maxPods ?? "its own number of"} pods on it`]),
    ...(isUnderstoodByNode(userData) ? [] : ["nodeadm does not understand its user data"]),
  ];
}

function joins(
  aws: Aws,
  clusterName: string,
  { id, instanceType, ...instance }: Instance,
): string | undefined {
  const inputs = { privateIp: instance.privateIp, securityGroups: [...instance.securityGroupIds] };
  const machine = { id, instanceType, networkInterface: { inputs } };
  return joinProblem(machine, { clusterName, nodeRoleArn: instance.roleArn }, aws);
}

/** As many as aws-node takes at first. */
function lacksPrefixes(aws: Aws, subnet: AwsObject | undefined): string | undefined {
  return subnet === undefined || freePrefixes(aws, subnet).length >= 2
    ? undefined
    : `${subnet.id} has no prefix for its pods`;
}

function roleOf(aws: Aws, profile: string): AwsObject | undefined {
  return aws.find(types.role, text(aws.find(types.instanceProfile, profile)?.inputs ?? {}, "role"));
}

function room(aws: Aws, subnet: AwsObject): number {
  return freeAddresses(aws, subnet).length;
}

function ids(nodeClass: KubernetesObject, terms: string): string[] {
  const found = at(nodeClass, `spec.${terms}`) as readonly { readonly id?: string }[] | undefined;
  return (found ?? []).map(({ id }) => id ?? "");
}
