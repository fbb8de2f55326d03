import { durations, milestones } from "../durations.ts";
import { NotReady, Refusal, UNKNOWN, type Values } from "../protocol/provider.ts";
import { TimedOut } from "../world/activity.ts";
import { amiType, architectureOf, isOfOtherDriver, isRelease, newestRelease } from "./amis.ts";
import { uuid } from "./ids.ts";
import { refusesNodeGroupQuota } from "./limits.ts";
import { type AwsObject, type Cloud, keyOf, type Request, type Row, type Zone } from "./model.ts";
import { interfacesOf } from "./networkInterface.ts";
import { refusesLabels } from "./nodeLabels.ts";
import {
  boot,
  join,
  joinProblem,
  joinProviders,
  launch,
  type Machine,
  nodesOf,
  templateInputs,
  terminate,
} from "./nodes.ts";
import { trusts } from "./policies.ts";
import { toAssumableRole, toCluster, toLaunchTemplate, toSubnet } from "./references.ts";
import { types } from "./types.ts";
import { refusesUserData } from "./userData.ts";
import { at, changedProperties, number, records, text, texts } from "./values.ts";

const joinTimeoutSeconds = 900;

/** Changes that EKS carries out by replacing every node. */
const rolling = ["version", "releaseVersion", "launchTemplate"];

const taintEffects = ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"];

function refusesScaling(inputs: Values): string | undefined {
  const [min = 0, desired = 0, max = 0] = ["minSize", "desiredSize", "maxSize"].map((name) =>
    number(inputs, `scalingConfig.${name}`),
  );
  if (min > desired) {
    return `InvalidParameterException: Minimum capacity ${min} can't be greater than desired size ${desired}`;
  }
  return desired > max
    ? `InvalidParameterException: desired capacity ${desired} can't be greater than max size ${max}`
    : undefined;
}

function refusesMachines({ inputs, cloud }: Request): string | undefined {
  const ami = amiType(text(inputs, "amiType"));
  if (ami === undefined)
    return `InvalidParameterException: amiType ${text(inputs, "amiType")} is not one that the simulated EKS has`;
  const instanceTypes = texts(inputs, "instanceTypes");
  if (instanceTypes.length === 0) return "InvalidParameterException: Instance type list cannot be empty";
  const unknown = instanceTypes.filter((type) => architectureOf(type) === undefined);
  if (unknown.length > 0) {
    return `InvalidParameterException: The following supplied instance types do not exist: [${unknown.join(", ")}]`;
  }
  const foreign = instanceTypes.filter(
    (type) => architectureOf(type) !== ami.architecture || isOfOtherDriver(type, ami),
  );
  if (foreign.length > 0) {
    return `InvalidParameterException: [${foreign.join(", ")}] is not a valid instance type for requested amiType ${text(inputs, "amiType")}`;
  }
  return refusesUserData(text(templateInputs(cloud, inputs) ?? {}, "userData"), ami.family);
}

function refusesVersion({ inputs, cloud }: Request): string | undefined {
  const clusterVersion = text(
    cloud.find(types.cluster, text(inputs, "clusterName"))?.outputs ?? {},
    "version",
  );
  const version = text(inputs, "version") || clusterVersion;
  if (Number(version.split(".").at(1)) > Number(clusterVersion.split(".").at(1))) {
    return `InvalidParameterException: Nodegroup Kubernetes version ${version} is newer than the cluster's ${clusterVersion}`;
  }
  const release = text(inputs, "releaseVersion");
  const { family } = amiType(text(inputs, "amiType")) ?? { family: "AL2023" };
  return release === "" || isRelease(family, version, release)
    ? undefined
    : `InvalidParameterException: Requested release version ${release} is not valid for kubernetes version ${version}.`;
}

function zoneTypeOf(cloud: Cloud, subnetId: string): Zone["type"] {
  const zone = text(cloud.find(types.subnet, subnetId)?.inputs ?? {}, "availabilityZone");
  return cloud.zones.find(({ name }) => name === zone)?.type;
}

function refusesPlace({ inputs, cloud }: Request): string | undefined {
  const cluster = cloud.find(types.cluster, text(inputs, "clusterName"));
  const roleArn = text(inputs, "nodeRoleArn");
  const role = cloud.ofType(types.role).find(({ outputs }) => text(outputs, "arn") === roleArn);
  if (!trusts(at(role?.inputs ?? {}, "assumeRolePolicy"), "ec2.amazonaws.com")) {
    return `InvalidParameterException: Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${roleArn}`;
  }
  const vpcId = text(cluster?.outputs ?? {}, "vpcConfig.vpcId");
  const subnets = texts(inputs, "subnetIds");
  const foreign = subnets.filter((id) => text(cloud.find(types.subnet, id)?.inputs ?? {}, "vpcId") !== vpcId);
  const wavelength = subnets.filter((id) => zoneTypeOf(cloud, id) === "wavelength-zone");
  if (subnets.length === 0) return "InvalidParameterException: Subnet list cannot be empty";
  if (wavelength.length > 0)
    return `InvalidParameterException: Subnets [${wavelength.join(", ")}] are in Wavelength Zones, which managed node groups do not support`;
  if (foreign.length > 0)
    return `InvalidParameterException: Subnets [${foreign.join(", ")}] are not in the VPC of the cluster, ${vpcId}`;
  const groups = texts(templateInputs(cloud, inputs) ?? {}, "vpcSecurityGroupIds");
  const distant = groups.find(
    (id) => text(cloud.find(types.securityGroup, id)?.inputs ?? { vpcId }, "vpcId") !== vpcId,
  );
  if (distant !== undefined)
    return `InvalidParameterException: Security group ${distant} and subnet ${subnets[0]} belong to different networks.`;
  return at(inputs, "launchTemplate") === undefined || templateInputs(cloud, inputs) !== undefined
    ? undefined
    : `Ec2LaunchTemplateVersionNotFound: Launch template version ${text(inputs, "launchTemplate.version")} was not found`;
}

/** Launches instances and waits until they are Ready nodes. */
async function addNodes(group: AwsObject, inputs: Values, cloud: Cloud, count: number): Promise<void> {
  const machines = Array.from({ length: count }, () => launch(group, inputs, cloud));
  const ids = machines.map(({ id }) => id).join(", ");
  const name = text(inputs, "nodeGroupName");
  await boot(cloud);
  const problem = (machine: Machine) => joinProblem(machine, inputs, cloud);
  const toJoin = {
    urn: group.urn,
    what: `the nodes of node group ${name} to reach the control plane`,
    providedBy: joinProviders,
    timeoutSeconds: joinTimeoutSeconds,
  };
  try {
    await cloud.activity.until(toJoin, () => machines.every((machine) => problem(machine) === undefined));
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    const why = machines.map(problem).find((one) => one !== undefined);
    throw new Refusal(
      `NodeCreationFailure: Instances failed to join the kubernetes cluster: [${ids}] (${why})`,
    );
  }
  const nodes = machines.map((machine) => join(machine, inputs, cloud));
  const toBeReady = {
    urn: group.urn,
    what: `every node of node group ${name} to be Ready`,
    providedBy: ["kubernetes:operator.tigera.io/v1:Installation"],
    timeoutSeconds: joinTimeoutSeconds,
  };
  try {
    await cloud.activity.until(toBeReady, () => nodes.every(({ ready }) => ready));
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    const unhealthy = nodes.filter(({ ready }) => !ready);
    throw new Refusal(
      `NodeCreationFailure: Unhealthy nodes in the kubernetes cluster: [${unhealthy.map(({ id }) => id).join(", ")}] (${unhealthy.map(({ nodeName }) => nodeName).join(", ")})`,
    );
  }
}

async function creates(group: AwsObject, cloud: Cloud): Promise<void> {
  try {
    await addNodes(group, group.inputs, cloud, number(group.inputs, "scalingConfig.desiredSize") ?? 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // AWS keeps the group and its instances; only a deletion helps.
    group.outputs = { ...group.outputs, status: "CREATE_FAILED" };
    throw new NotReady(group, [error.message]);
  }
  await cloud.activity.work(milestones.nodeGroupPolling.seconds);
}

/** Adds nodes for an update; if they fail, EKS takes them away again and keeps the old ones. */
async function addOrRollBack(group: AwsObject, news: Values, cloud: Cloud, count: number): Promise<void> {
  const key = keyOf(group.type, group.id);
  const before = new Set(interfacesOf(cloud, key));
  try {
    await addNodes(group, news, cloud, count);
  } catch (error) {
    for (const added of interfacesOf(cloud, key).filter((one) => !before.has(one))) {
      const node = nodesOf(group, cloud).find(({ networkInterfaceId }) => networkInterfaceId === added.id);
      if (node === undefined) cloud.remove(added);
      else terminate(node, cloud);
    }
    throw error;
  }
}

async function updates(group: AwsObject, news: Values, cloud: Cloud): Promise<void> {
  const changed = changedProperties(group.inputs, news);
  const olds = nodesOf(group, cloud);
  if (changed.some((property) => rolling.includes(property))) {
    for (const old of olds) {
      await addOrRollBack(group, news, cloud, 1);
      await cloud.activity.work(milestones.nodeDrain.seconds);
      terminate(old, cloud);
    }
  }
  const missing = (number(news, "scalingConfig.desiredSize") ?? 0) - olds.length;
  if (missing > 0) await addOrRollBack(group, news, cloud, missing);
  for (const surplus of nodesOf(group, cloud).slice(0, Math.max(0, -missing))) terminate(surplus, cloud);
  await cloud.activity.work(durations[types.nodeGroup].update);
}

export const nodeGroupRow: Row = {
  type: types.nodeGroup,
  // The real ones default to AL2023 for x86-64 and t3.medium; the simulation wants them said.
  requires: ["clusterName", "nodeRoleArn", "subnetIds", "scalingConfig", "amiType", "instanceTypes"],
  allows: [
    "nodeGroupName",
    "capacityType",
    "version",
    "releaseVersion",
    "launchTemplate",
    "labels",
    "taints",
    "updateConfig",
    "nodeRepairConfig",
    "tags",
  ],
  naming: { property: "nodeGroupName" },
  references: [
    { property: "clusterName", ...toCluster, onDelete: "prevents" },
    { property: "nodeRoleArn", ...toAssumableRole },
    { property: "subnetIds", ...toSubnet },
    { property: "launchTemplate.id", ...toLaunchTemplate },
  ],
  replaces: [
    "clusterName",
    "nodeGroupName",
    "nodeRoleArn",
    "subnetIds",
    "amiType",
    "capacityType",
    "instanceTypes",
  ],
  replacesWhen: (olds, news) =>
    text(olds, "launchTemplate.id") === text(news, "launchTemplate.id") ? [] : ["launchTemplate"],
  problems: (inputs) =>
    records(inputs, "taints")
      .map((taint) => text(taint, "effect"))
      .filter((effect) => effect !== UNKNOWN && !taintEffects.includes(effect))
      .map(
        (effect) =>
          `expected taints.effect to be one of [${taintEffects.map((one) => `"${one}"`).join(" ")}], got ${effect}`,
      ),
  refuses: (request) =>
    refusesScaling(request.inputs) ??
    refusesNodeGroupQuota(request) ??
    refusesLabels(request.inputs) ??
    refusesPlace(request) ??
    refusesMachines(request) ??
    refusesVersion(request),
  id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "nodeGroupName")}`,
  duplicate: (_, inputs) =>
    `ResourceInUseException: NodeGroup already exists with name ${text(inputs, "nodeGroupName")} and cluster name ${text(inputs, "clusterName")}`,
  defaults: { capacityType: "ON_DEMAND" },
  outputs: {
    arn: ({ cloud, inputs, object }) =>
      cloud.arn(
        "eks",
        `nodegroup/${text(inputs, "clusterName")}/${text(inputs, "nodeGroupName")}/${uuid(object.seed)}`,
      ),
    status: ({ object }) => text(object.outputs, "status") || "ACTIVE",
    version: ({ inputs, cloud }) =>
      text(inputs, "version") ||
      text(cloud.find(types.cluster, text(inputs, "clusterName"))?.outputs ?? {}, "version"),
    releaseVersion: ({ inputs, cloud }) => {
      const cluster = cloud.find(types.cluster, text(inputs, "clusterName"));
      const version = text(inputs, "version") || text(cluster?.outputs ?? {}, "version");
      const { family } = amiType(text(inputs, "amiType")) ?? { family: "AL2023" };
      return text(inputs, "releaseVersion") || (newestRelease(family, version) ?? "");
    },
    resources: ({ inputs }) => [{ autoscalingGroups: [{ name: `eks-${text(inputs, "nodeGroupName")}` }] }],
  },
  creates,
  updates,
  deletes: async (group, cloud) => {
    for (const node of nodesOf(group, cloud)) terminate(node, cloud);
    await cloud.activity.work(durations[types.nodeGroup].delete);
  },
};
