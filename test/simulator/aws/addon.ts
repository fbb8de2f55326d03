import { durations } from "../durations.ts";
import { NotReady, UNKNOWN } from "../protocol/provider.ts";
import { TimedOut } from "../world/activity.ts";
import { refusesConfiguration } from "./addonSchemas.ts";
import { addonVersion, isAddonVersion } from "./amis.ts";
import type { AwsObject, Cloud, Request, Row } from "./model.ts";
import { nodesOf } from "./nodes.ts";
import { toCluster } from "./references.ts";
import { types } from "./types.ts";
import { text } from "./values.ts";

/** Add-ons whose pods wait for a node. A DaemonSet without nodes is complete. */
const needsNode = ["coredns", "aws-ebs-csi-driver", "snapshot-controller", "metrics-server", "cert-manager"];

function names(inputs: Request["inputs"]): { name: string; clusterName: string } {
  return { name: text(inputs, "addonName"), clusterName: text(inputs, "clusterName") };
}

function kubernetesOf({ inputs, cloud }: Pick<Request, "inputs" | "cloud">): string {
  const { clusterName } = names(inputs);
  return text(cloud.find(types.cluster, clusterName)?.outputs ?? {}, "version");
}

function versionFor(request: Pick<Request, "inputs" | "cloud">): string | undefined {
  return addonVersion(names(request.inputs).name, kubernetesOf(request));
}

/** The version in the inputs, or EKS's default. */
function runningVersion(request: Pick<Request, "inputs" | "cloud">): string {
  return text(request.inputs, "addonVersion") || (versionFor(request) ?? "");
}

function refusesAddon(request: Request): string | undefined {
  const { inputs } = request;
  const { name } = names(inputs);
  const version = versionFor(request);
  if (version === undefined) {
    return `InvalidParameterException: Addon ${name} specified is not supported`;
  }
  const wanted = text(inputs, "addonVersion");
  if (wanted !== "" && !isAddonVersion(name, kubernetesOf(request), wanted)) {
    return "InvalidParameterException: Addon version specified is not supported";
  }
  return refusesConfiguration(name, text(inputs, "configurationValues"));
}

/** Whether a pod starts on whatever node it is put: kube-scheduler does not see which one has an address for it. */
function startsPods(cloud: Cloud, clusterName: string): boolean {
  const groups = cloud
    .ofType(types.nodeGroup)
    .filter(({ inputs }) => text(inputs, "clusterName") === clusterName);
  const ready = groups.flatMap((group) => nodesOf(group, cloud)).filter((node) => node.ready);
  return ready.length > 0 && ready.every(({ addressProblem }) => addressProblem === undefined);
}

/** Works until EKS calls the add-on ACTIVE. */
async function settle(addon: AwsObject, cloud: Cloud, seconds: number): Promise<void> {
  const { name, clusterName } = names(addon.inputs);
  if (needsNode.includes(name)) {
    const wait = {
      urn: addon.urn,
      what: `a Ready node in cluster ${clusterName}, for the pods of add-on ${name}`,
      providedBy: [types.nodeGroup],
      timeoutSeconds: 1200,
    };
    await cloud.activity.until(wait, () => startsPods(cloud, clusterName));
  }
  await cloud.activity.work(seconds);
}

async function creates(addon: AwsObject, cloud: Cloud): Promise<void> {
  const { name, clusterName } = names(addon.inputs);
  const version = runningVersion({ inputs: addon.inputs, cloud });
  const configuration = text(addon.inputs, "configurationValues");
  await cloud.onAddon({ kind: "created", name, clusterName, version, configuration });
  try {
    await settle(addon, cloud, durations[types.addon].create);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    throw new NotReady(addon, [
      `waiting for EKS Add-On (${clusterName}:${name}) create: timeout while waiting for state to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s)`,
    ]);
  }
}

function conflictProblem(inputs: Request["inputs"], property: string, allowed: readonly string[]): string[] {
  const value = text(inputs, property);
  return value === "" || value === UNKNOWN || allowed.includes(value)
    ? []
    : [`expected ${property} to be one of [${allowed.map((one) => `"${one}"`).join(" ")}], got ${value}`];
}

export const addonRow: Row = {
  type: types.addon,
  requires: ["clusterName", "addonName"],
  allows: [
    "addonVersion",
    "configurationValues",
    "preserve",
    "resolveConflictsOnCreate",
    "resolveConflictsOnUpdate",
    "serviceAccountRoleArn",
    "tags",
  ],
  references: [{ property: "clusterName", ...toCluster, onDelete: "goes" }],
  replaces: ["clusterName", "addonName"],
  problems: (inputs) => [
    ...conflictProblem(inputs, "resolveConflictsOnCreate", ["NONE", "OVERWRITE"]),
    ...conflictProblem(inputs, "resolveConflictsOnUpdate", ["NONE", "OVERWRITE", "PRESERVE"]),
  ],
  refuses: refusesAddon,
  id: (inputs) => `${text(inputs, "clusterName")}:${text(inputs, "addonName")}`,
  duplicate: () => "ResourceInUseException: Addon already exists.",
  outputs: {
    arn: ({ cloud, inputs }) =>
      cloud.arn("eks", `addon/${text(inputs, "clusterName")}/${text(inputs, "addonName")}`),
    addonVersion: runningVersion,
  },
  creates,
  updates: async (addon, news, cloud) => {
    const version = runningVersion({ inputs: news, cloud });
    const configuration = text(news, "configurationValues");
    await cloud.onAddon({ kind: "updated", ...names(news), version, configuration });
    await settle(addon, cloud, durations[types.addon].update);
  },
  ends: ({ inputs }, cloud) => void cloud.onAddon({ kind: "deleted", ...names(inputs) }),
};
