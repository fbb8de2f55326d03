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
  "endpoint-not-open-to-the-world: everybody reaches the API server; it may be open to known ranges only. Set cluster.publicAccessCidrs to the ranges that need it, or to [].";
const audit =
  "logs-kept: the audit log is off, so that nobody can tell later who did what; it has to be kept. Add audit to cluster.logTypes.";
const forever =
  "logs-kept: nobody says how long it is kept, so that it is kept and paid for ever; a time is needed. Set retentionInDays.";

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
      "secrets that nobody encrypts",
      component,
      { ...sound, version: "1.27" },
      [
        "secrets-encrypted: Kubernetes 1.27 keeps secrets unencrypted; they have to be encrypted. Set an encryption key, or take a later version.",
      ],
    ],
    ["no audit log", component, { ...sound, enabledClusterLogTypes: ["api"] }, [audit]],
    ["no log at all", cluster, { ...soundCluster, enabledClusterLogTypes: undefined }, [audit]],
    ["a log group for ever", group, { tags: {} }, [forever]],
    ["a log group for 0 days, which is for ever", group, { tags: {}, retentionInDays: 0 }, [forever]],
    [
      "what EKS installs by itself",
      cluster,
      { ...soundCluster, bootstrapSelfManagedAddons: undefined },
      [
        "no-vpc-cni: EKS installs the VPC CNI and kube-proxy by itself; Calico is to be there instead. Set bootstrapSelfManagedAddons: false.",
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
