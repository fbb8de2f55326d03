import { createHash } from "node:crypto";
import { privateEndpoints } from "../facts/networks.ts";
import { vpcCni } from "../facts/vpcCni.ts";
import type { AddonSettings, PolicyStatement } from "../settings/addons.ts";
import type { DeepReadonly, Settings, Surroundings } from "../settings/settings.ts";
import { partitionOf } from "../values/partition.ts";
import { isAutoscaled } from "./charts.ts";
import { usesKarpenter } from "./karpenter.ts";
import { usesVpcCni, vpcCniAddon } from "./vpcCni.ts";

type Addon = DeepReadonly<AddonSettings>;
type Addons = Readonly<Record<string, Addon>>;

/** The EKS add-on for EBS volumes. */
export const ebsDriver = "aws-ebs-csi-driver";

/** What its pods may do: the managed policy, with its path. */
export const ebsPolicy = "service-role/AmazonEBSCSIDriverPolicyV2";

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
      managedPolicyArns: [`arn:${partitionOf(region)}:iam::aws:policy/${ebsPolicy}`],
      statements: [],
    },
  };
}

/** The EKS add-on that provides credentials to pods, on every node. */
export const podIdentityAgent = "eks-pod-identity-agent";

/**
 * Where the agent listens on each node: the address of an interface that it makes, on TCP 80. Source: EKS user guide,
 * pod-id-agent-setup and pod-identities (read 2026-11-27).
 */
export const podIdentityAddress = "169.254.170.23";

/** The pods with this service account. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Trust policy of a role for EKS Pod Identity, as JSON: for this service account only, by the session tags that EKS sets.
 * Source: EKS user guide, pod-id-role and pod-id-abac (read 2026-11-27).
 */
export function podTrust({ namespace, serviceAccount }: ServiceAccount): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
    ],
  });
}

/** An IAM policy of these statements, as JSON. */
export function policyDocument(statements: readonly DeepReadonly<PolicyStatement>[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map(({ effect, actions, resources, conditions }) => ({
      Effect: effect,
      Action: actions,
      Resource: resources,
      ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
    })),
  });
}

/** Characters of a role's name before the provider's suffix of 8; IAM allows 64. */
const longestRoleName = 56;

/** A name short enough for a role, as unique as the long one. */
export function roleName(name: string): string {
  if (name.length <= longestRoleName) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 7);
  return `${name.slice(0, longestRoleName - hash.length - 1)}-${hash}`;
}

/** Whether pods of the stack get AWS credentials, so that the agent is needed. */
export function usesPodIdentity(
  settings: Pick<
    Settings,
    "addons" | "autoscaling" | "calico" | "loadBalancers" | "podIdentities" | "storage"
  >,
): boolean {
  const { addons, loadBalancers, podIdentities, storage } = settings;
  return (
    isAutoscaled(settings) ||
    usesKarpenter(settings) ||
    usesVpcCni(settings) ||
    loadBalancers ||
    storage.ebs ||
    Object.keys(podIdentities).length > 0 ||
    Object.values(addons).some(({ podIdentity }) => podIdentity !== undefined)
  );
}

/** AWS services with an interface endpoint in a network without a NAT gateway. */
export function endpointServices(settings: Settings): string[] {
  const used = {
    podIdentity: usesPodIdentity(settings),
    autoscaler: isAutoscaled(settings),
    karpenter: usesKarpenter(settings),
  };
  return Object.entries(privateEndpoints).flatMap(([service, row]) =>
    "onlyWith" in row && !used[row.onlyWith] ? [] : service,
  );
}
