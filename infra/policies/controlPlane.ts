import { openSources } from "./openSources.ts";
import type { Messages, PolicyResource, ResourcePolicy } from "./policy.ts";
import { at, isUnknown, listOf } from "./values.ts";

/** A cluster's settings, under EKS's names or the eks component's. */
interface ControlPlane {
  readonly publicAccess: unknown;
  readonly publicAccessCidrs: unknown;
  readonly version: unknown;
  readonly key: unknown;
  readonly logTypes: unknown;
}

/** The Kubernetes version from which EKS encrypts all API data with its own key. Source: EKS user guide, envelope encryption. */
const encryptedFrom = 28;

export const endpointNotOpenToTheWorld: ResourcePolicy = {
  of: "resource",
  name: "endpoint-not-open-to-the-world",
  description: "The API server's public endpoint is open only to listed ranges, or to none.",
  violations: of(({ publicAccess, publicAccessCidrs }) => {
    if (publicAccess === false || isUnknown(publicAccess) || isUnknown(publicAccessCidrs)) return [];
    const cidrs = listOf(publicAccessCidrs);
    // EKS's default is open to everyone.
    if (cidrs.length > 0 && openSources(cidrs).length === 0) return [];
    return "anyone can reach the API server; only known ranges may. Set cluster.publicAccessCidrs to the ranges that need access, or to [].";
  }),
};

export const secretsEncrypted: ResourcePolicy = {
  of: "resource",
  name: "secrets-encrypted",
  description: "Secrets are encrypted in etcd: by EKS from Kubernetes 1.28 on, before that with a KMS key.",
  violations: of(({ version, key }) => {
    // Without a version EKS uses its latest.
    if (key !== undefined || version === undefined || isUnknown(version)) return [];
    const [major = 0, minor = 0] = String(version).split(".").map(Number);
    if (major > 1 || minor >= encryptedFrom) return [];
    return `Kubernetes ${version} stores secrets unencrypted; they must be encrypted. Set an encryption key, or use a later version.`;
  }),
};

const auditedCluster = of(({ logTypes }) => {
  if (isUnknown(logTypes) || listOf(logTypes).includes("audit")) return [];
  return "the audit log is off, so there is no record of who did what; it must be on. Add audit to cluster.logTypes.";
});

export const logsKept: ResourcePolicy = {
  of: "resource",
  name: "logs-kept",
  description: "The control plane's audit log is on, and every log group has a retention period.",
  violations: (resource, choices) => {
    const { type, inputs } = resource;
    if (type !== "aws:cloudwatch/logGroup:LogGroup") return auditedCluster(resource, choices);
    const days = inputs["retentionInDays"];
    if (isUnknown(days) || (typeof days === "number" && days > 0)) return [];
    return "it has no retention period, so logs are never deleted and are billed forever; a period is required. Set retentionInDays.";
  },
};

/** Checks only clusters. */
function of(judge: (controlPlane: ControlPlane) => Messages): ResourcePolicy["violations"] {
  return (resource) => {
    const controlPlane = controlPlaneOf(resource);
    return controlPlane === undefined ? [] : judge(controlPlane);
  };
}

function controlPlaneOf({ type, inputs }: PolicyResource): ControlPlane | undefined {
  if (type === "aws:eks/cluster:Cluster") {
    return {
      publicAccess: at(inputs, "vpcConfig", "endpointPublicAccess"),
      publicAccessCidrs: at(inputs, "vpcConfig", "publicAccessCidrs"),
      version: inputs["version"],
      key: inputs["encryptionConfig"],
      logTypes: inputs["enabledClusterLogTypes"],
    };
  }
  // The engine has no inputs of a remote component; there its child, the cluster itself, is checked.
  if (type !== "eks:index:Cluster" || Object.keys(inputs).length === 0) return undefined;
  return {
    publicAccess: inputs["endpointPublicAccess"],
    publicAccessCidrs: inputs["publicAccessCidrs"],
    version: inputs["version"],
    key: inputs["encryptionConfigKeyArn"],
    logTypes: inputs["enabledClusterLogTypes"],
  };
}
