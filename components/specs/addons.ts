import { vpcCni } from "../facts/vpcCni.ts";
import type { AddonSettings } from "../settings/addons.ts";
import type { DeepReadonly, Settings, Surroundings } from "../settings/settings.ts";
import { partitionOf } from "../values/partition.ts";
import { podIdentityAgent, usesPodIdentity } from "./podIdentity.ts";
import { usesVpcCni, vpcCniAddon } from "./vpcCni.ts";

type Addon = DeepReadonly<AddonSettings>;
type Addons = Readonly<Record<string, Addon>>;

/** The EKS add-on for EBS volumes. */
export const ebsDriver = "aws-ebs-csi-driver";

/**
 * Every EKS add-on that a stack installs, except CoreDNS and kube-proxy: those it names, and those that other settings need.
 * What it says about one of the latter counts before what the setting brings.
 */
export function addonsOf(settings: Settings): Addons {
  const implied = impliedAddons(settings);
  const both = Object.entries(settings.addons).map(([name, addon]) => [name, onTopOf(addon, implied[name])]);
  return { ...implied, ...Object.fromEntries(both) };
}

/** Version of an add-on: the stack's own, or else EKS's default; "" when EKS has none, which is a problem (checks/addons.ts). */
export function versionOfAddon(
  name: string,
  settings: Settings,
  { otherAddonVersions }: Pick<Surroundings, "otherAddonVersions">,
): string {
  return addonsOf(settings)[name]?.version ?? otherAddonVersions[name] ?? "";
}

function onTopOf(addon: Addon, implied: Addon = { configuration: {} }): Addon {
  return {
    ...implied,
    ...addon,
    configuration: { ...implied.configuration, ...addon.configuration },
  };
}

function impliedAddons(settings: Settings): Addons {
  return {
    ...(usesPodIdentity(settings) ? { [podIdentityAgent]: { configuration: {} } } : {}),
    ...(usesVpcCni(settings) ? { [vpcCni.addonName]: vpcCniAddon(settings) } : {}),
    ...(settings.storage.ebs ? { [ebsDriver]: ebsAddon(settings) } : {}),
  };
}

/**
 * With its region, the controller does not ask the metadata service, whose one hop a pod's packet has used up; its pods on
 * the nodes fall back to what Kubernetes knows of their node. Source: kubernetes-sigs/aws-ebs-csi-driver 429e202e
 * docs/install.md (metadata, permissions) and charts/aws-ebs-csi-driver/values.schema.json, read 2026-11-27.
 */
function ebsAddon({ region, tags }: Settings): Addon {
  return {
    configuration: {
      controller: {
        region,
        ...(Object.keys(tags).length === 0 ? {} : { extraVolumeTags: { ...tags } }),
      },
    },
    podIdentity: {
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      managedPolicyArns: [
        `arn:${partitionOf(region)}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2`,
      ],
      statements: [],
    },
  };
}
