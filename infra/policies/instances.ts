import type { Messages, PolicyResource, ResourcePolicy } from "./policy.ts";
import { at, isOtherThan, isTrue, isUnknown, listOf } from "./values.ts";

const launchTemplateType = "aws:ec2/launchTemplate:LaunchTemplate";
const instanceType = "aws:ec2/instance:Instance";
const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
const volumeType = "aws:ebs/volume:Volume";

/** A pod's packet to the metadata service is the second hop; version 1 answers to anyone who can make a request. */
export const imdsv2OneHop: ResourcePolicy = {
  of: "resource",
  name: "imdsv2-one-hop",
  description: "Instances serve credentials only through IMDSv2, and only to themselves.",
  violations: (resource) => {
    if (startsOnEksDefaults(resource)) return ofEks("lets pods reach the node's credentials");
    const { type, inputs } = resource;
    if (type !== launchTemplateType && type !== instanceType) return [];
    const metadata = inputs["metadataOptions"];
    if (at(metadata, "httpEndpoint") === "disabled") return [];
    return [
      isOtherThan(at(metadata, "httpTokens"), "required")
        ? "IMDSv1 is on and gives credentials to anyone who can make a request; only IMDSv2 is allowed. Set metadataOptions.httpTokens: required."
        : [],
      isOtherThan(at(metadata, "httpPutResponseHopLimit"), 1)
        ? "the hop limit is not 1; pods, one hop away, reach the node's credentials. Set metadataOptions.httpPutResponseHopLimit: 1."
        : [],
    ].flat();
  },
};

/** Node volumes hold images, logs and what pods write; by default they are encrypted only if the account is set so. */
export const encryptedVolumes: ResourcePolicy = {
  of: "resource",
  name: "encrypted-volumes",
  description: "Every EBS volume is encrypted.",
  violations: (resource) => {
    const { type, inputs } = resource;
    if (startsOnEksDefaults(resource)) return ofEks("leaves the volume to the account's default");
    if (type === volumeType) return unencrypted("the volume", inputs["encrypted"]);
    if (type === instanceType) {
      const others = listOf(inputs["ebsBlockDevices"]);
      return [
        unencrypted("the root volume", at(inputs, "rootBlockDevice", "encrypted")),
        others.flatMap((one) => unencrypted(`volume ${at(one, "deviceName")}`, at(one, "encrypted"))),
      ].flat();
    }
    if (type !== launchTemplateType || isUnknown(inputs["blockDeviceMappings"])) return [];
    const mappings = listOf(inputs["blockDeviceMappings"]);
    if (mappings.length === 0) return unencrypted("the root volume", undefined);
    return mappings
      .filter((one) => at(one, "ebs") !== undefined)
      .flatMap((one) => unencrypted(`volume ${at(one, "deviceName")}`, at(one, "ebs", "encrypted")));
  },
};

function unencrypted(what: string, encrypted: unknown): Messages {
  if (isTrue(encrypted) || isUnknown(encrypted)) return [];
  return `${what} is not set to be encrypted; every volume must be. Set encrypted: true.`;
}

/** Without its own launch template, a node group starts from one that EKS creates. */
function startsOnEksDefaults({ type, inputs }: PolicyResource): boolean {
  return type === nodeGroupType && inputs["launchTemplate"] === undefined;
}

function ofEks(what: string): string {
  return `the node group has no launch template; the one that EKS creates ${what}. Set one.`;
}
