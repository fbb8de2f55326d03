import { describe, expect, it } from "vitest";
import { findings } from "../../../../../infra/policies/policies.ts";
import { unknown } from "../../../../../infra/policies/values.ts";
import { resource } from "../../../../support/policies.ts";

const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";

const metadataOptions = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };
const root = { deviceName: "/dev/xvda", ebs: { encrypted: "true" } };
const sound = { metadataOptions, blockDeviceMappings: [root] };

const messages = (type: string, props: Readonly<Record<string, unknown>>) =>
  findings([resource(type, props)]).map(({ policy, message }) => `${policy}: ${message}`);

const hop =
  "imdsv2-one-hop: the hop limit is not 1; pods, one hop away, reach the node's credentials. Set metadataOptions.httpPutResponseHopLimit: 1.";
const version1 =
  "imdsv2-one-hop: IMDSv1 is on and gives credentials to anyone who can make a request; only IMDSv2 is allowed. Set metadataOptions.httpTokens: required.";
const unencrypted = (what: string) =>
  `encrypted-volumes: ${what} is not set to be encrypted; every volume must be. Set encrypted: true.`;

describe("the policies on instances and volumes", () => {
  it.each<[string, string, Readonly<Record<string, unknown>>, string[]]>([
    [
      "two hops",
      template,
      { ...sound, metadataOptions: { ...metadataOptions, httpPutResponseHopLimit: 2 } },
      [hop],
    ],
    [
      "IMDSv1",
      template,
      { ...sound, metadataOptions: { ...metadataOptions, httpTokens: "optional" } },
      [version1],
    ],
    ["a template that says nothing of either", template, {}, [version1, hop, unencrypted("the root volume")]],
    [
      "one of two volumes",
      template,
      { ...sound, blockDeviceMappings: [root, { deviceName: "/dev/xvdb", ebs: { volumeSize: 20 } }] },
      [unencrypted("volume /dev/xvdb")],
    ],
    ["a volume by itself", "aws:ebs/volume:Volume", { encrypted: false }, [unencrypted("the volume")]],
    [
      "an instance",
      instance,
      { metadataOptions, rootBlockDevice: {}, ebsBlockDevices: [{ deviceName: "/dev/sdf" }] },
      [unencrypted("the root volume"), unencrypted("volume /dev/sdf")],
    ],
    [
      "a node group on a template of EKS's own",
      nodeGroup,
      { subnetIds: ["subnet-1"] },
      [
        "imdsv2-one-hop: the node group has no launch template; the one that EKS creates lets pods reach the node's credentials. Set one.",
        "encrypted-volumes: the node group has no launch template; the one that EKS creates leaves the volume to the account's default. Set one.",
      ],
    ],
  ])("find %s", (_name, type, props, expected) => {
    expect(messages(type, props)).toEqual(expected);
  });

  it.each<[string, string, Readonly<Record<string, unknown>>]>([
    ["a template of ours", template, sound],
    ["no metadata service at all", template, { ...sound, metadataOptions: { httpEndpoint: "disabled" } }],
    [
      "a volume that is not an EBS volume",
      template,
      { ...sound, blockDeviceMappings: [root, { virtualName: "ephemeral0" }] },
    ],
    ["what a preview cannot know", template, { metadataOptions: unknown, blockDeviceMappings: unknown }],
    ["an encrypted volume", "aws:ebs/volume:Volume", { encrypted: true }],
    ["an instance", instance, { metadataOptions, rootBlockDevice: { encrypted: true } }],
    ["a node group with a template", nodeGroup, { launchTemplate: { id: unknown } }],
  ])("let %s pass", (_name, type, props) => {
    expect(messages(type, props)).toEqual([]);
  });
});
