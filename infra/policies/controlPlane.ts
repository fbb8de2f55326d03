import { openSources } from "./openSources.ts";
import type { PolicyResource, ResourcePolicy } from "./policy.ts";
import { at, isUnknown, listOf } from "./values.ts";

/** A cluster's settings, as EKS names them, or as the eks component does. */
interface ControlPlane {
  readonly publicAccess: unknown;
  readonly publicAccessCidrs: unknown;
  readonly version: unknown;
  readonly key: unknown;
  readonly logTypes: unknown;
}

/** The Kubernetes version from which EKS encrypts all API data with a key of its own. Source: EKS user guide, envelope encryption. */
const encryptedFrom = 28;

export const endpointNotOpenToTheWorld: ResourcePolicy = {
  of: "resource",
  name: "endpoint-not-open-to-the-world",
  description: "The API server's public endpoint is open to named ranges only, or to none.",
  violations: of(({ publicAccess, publicAccessCidrs }) => {
    if (publicAccess === false || isUnknown(publicAccess) || isUnknown(publicAccessCidrs)) return [];
    const cidrs = listOf(publicAccessCidrs);
    // EKS's default is everybody.
    if (cidrs.length > 0 && openSources(cidrs).length === 0) return [];
    return [
      "everybody reaches the API server; it may be open to known ranges only. Set cluster.publicAccessCidrs to the ranges that need it, or to [].",
    ];
  }),
};

export const secretsEncrypted: ResourcePolicy = {
  of: "resource",
  name: "secrets-encrypted",
  description: "Secrets are encrypted in etcd: by EKS itself from Kubernetes 1.28 on, before that by a key.",
  violations: of(({ version, key }) => {
    // Without a version EKS takes its latest.
    if (key !== undefined || version === undefined || isUnknown(version)) return [];
    const [major = 0, minor = 0] = String(version).split(".").map(Number);
    if (major > 1 || minor >= encryptedFrom) return [];
    return [
      `Kubernetes ${version} keeps secrets unencrypted; they have to be encrypted. Set an encryption key, or take a later version.`,
    ];
  }),
};

const auditedCluster = of(({ logTypes }) => {
  if (isUnknown(logTypes) || listOf(logTypes).includes("audit")) return [];
  return [
    "the audit log is off, so that nobody can tell later who did what; it has to be kept. Add audit to cluster.logTypes.",
  ];
});

export const logsKept: ResourcePolicy = {
  of: "resource",
  name: "logs-kept",
  description: "The audit log of the control plane is written, and every log group says how long it is kept.",
  violations: (resource, choices) => {
    const { type, inputs } = resource;
    if (type !== "aws:cloudwatch/logGroup:LogGroup") return auditedCluster(resource, choices);
    const days = inputs["retentionInDays"];
    if (isUnknown(days) || (typeof days === "number" && days > 0)) return [];
    return [
      "nobody says how long it is kept, so that it is kept and paid for ever; a time is needed. Set retentionInDays.",
    ];
  },
};

/** Judges clusters alone. */
function of(judge: (controlPlane: ControlPlane) => string[]): ResourcePolicy["violations"] {
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
  // The engine knows no inputs of a remote component; there its child, the cluster itself, is judged.
  if (type !== "eks:index:Cluster" || Object.keys(inputs).length === 0) return undefined;
  return {
    publicAccess: inputs["endpointPublicAccess"],
    publicAccessCidrs: inputs["publicAccessCidrs"],
    version: inputs["version"],
    key: inputs["encryptionConfigKeyArn"],
    logTypes: inputs["enabledClusterLogTypes"],
  };
}
