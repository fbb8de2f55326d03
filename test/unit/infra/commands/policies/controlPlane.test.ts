import { describe, expect, it } from "vitest";
import { findings } from "../../../../../infra/policies/policies.ts";
import { unknown } from "../../../../../infra/policies/values.ts";
import { resource } from "../../../../support/policies.ts";

const component = "eks:index:Cluster";
const cluster = "aws:eks/cluster:Cluster";
const group = "aws:cloudwatch/logGroup:LogGroup";

const sound = {
  endpointPublicAccess: true,
  publicAccessCidrs: ["198.18.0.0/15"],
  version: "1.35",
  enabledClusterLogTypes: ["audit"],
};
const soundCluster = {
  bootstrapSelfManagedAddons: false,
  vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["198.18.0.0/15"] },
  version: "1.35",
  enabledClusterLogTypes: ["api", "audit"],
};

const messages = (type: string, props: Readonly<Record<string, unknown>>) =>
  findings([resource(type, props)]).map(({ policy, message }) => `${policy}: ${message}`);

const world =
  "endpoint-not-open-to-the-world: anyone can reach the API server; only known ranges may. Set cluster.publicAccessCidrs to the ranges that need access, or to [].";
const audit =
  "logs-kept: the audit log is off, so there is no record of who did what; it must be on. Add audit to cluster.logTypes.";
const forever =
  "logs-kept: it has no retention period, so logs are never deleted and are billed forever; a period is required. Set retentionInDays.";

describe("the policies on the control plane", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, string[]]>([
    ["an endpoint for everybody", component, { ...sound, publicAccessCidrs: ["0.0.0.0/0"] }, [world]],
    ["an endpoint for everybody by default", cluster, { ...soundCluster, vpcConfig: {} }, [world]],
    [
      "everybody among others",
      cluster,
      { ...soundCluster, vpcConfig: { publicAccessCidrs: ["198.18.0.0/15", "::/0"] } },
      [world],
    ],
    [
      "everybody in two halves",
      cluster,
      { ...soundCluster, vpcConfig: { publicAccessCidrs: ["0.0.0.0/1", "128.0.0.0/1"] } },
      [world],
    ],
    [
      "unencrypted secrets",
      component,
      { ...sound, version: "1.27" },
      [
        "secrets-encrypted: Kubernetes 1.27 stores secrets unencrypted; they must be encrypted. Set an encryption key, or use a later version.",
      ],
    ],
    ["no audit log", component, { ...sound, enabledClusterLogTypes: ["api"] }, [audit]],
    ["no log at all", cluster, { ...soundCluster, enabledClusterLogTypes: undefined }, [audit]],
    ["a log group that is never deleted", group, { tags: {} }, [forever]],
    ["a log group for 0 days, which means never deleted", group, { tags: {}, retentionInDays: 0 }, [forever]],
    [
      "what EKS installs by itself",
      cluster,
      { ...soundCluster, bootstrapSelfManagedAddons: undefined },
      [
        "no-vpc-cni: EKS installs the VPC CNI and kube-proxy by default; Calico replaces both. Set bootstrapSelfManagedAddons: false.",
      ],
    ],
  ])("find %s", (_name, type, props, expected) => {
    expect(messages(type, props)).toEqual(expected);
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["a component of ours", component, sound],
    ["a component whose inputs the engine does not have", component, {}],
    ["a cluster", cluster, soundCluster],
    [
      "a private endpoint, whatever its ranges",
      component,
      { ...sound, endpointPublicAccess: false, publicAccessCidrs: undefined },
    ],
    [
      "an older cluster with a key",
      cluster,
      { ...soundCluster, version: "1.27", encryptionConfig: { provider: {} } },
    ],
    ["the first version that is encrypted by EKS", component, { ...sound, version: "1.28" }],
    ["EKS's latest version", component, { ...sound, version: undefined }],
    ["ranges that a preview cannot know", cluster, { ...soundCluster, vpcConfig: unknown }],
    ["a log group for a day", group, { tags: {}, retentionInDays: 1 }],
  ])("let %s pass", (_name, type, props) => {
    expect(messages(type, props)).toEqual([]);
  });
});
