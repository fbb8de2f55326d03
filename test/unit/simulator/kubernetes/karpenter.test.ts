import { describe, expect, it } from "vitest";
import { refusesKarpenterObject } from "../../../simulator/kubernetes/karpenterObjects.ts";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";

const nodeClass = (changes: object = {}): KubernetesObject => ({
  apiVersion: "karpenter.k8s.aws/v1",
  kind: "EC2NodeClass",
  metadata: { name: "general" },
  spec: {
    amiSelectorTerms: [{ alias: "al2023@v20260714" }],
    instanceProfile: "nodes",
    subnetSelectorTerms: [{ id: "subnet-1" }],
    securityGroupSelectorTerms: [{ id: "sg-1" }],
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: "20Gi" } }],
    tags: { team: "net" },
    ...changes,
  },
});

const nodePool = (template: object = {}, labels: object = { team: "net" }): KubernetesObject => ({
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "general" },
  spec: {
    template: {
      metadata: { labels },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "general" },
        requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
        ...template,
      },
    },
  },
});

describe("the API server with Karpenter's kinds", () => {
  it("takes objects as the program writes them", () => {
    expect([nodeClass(), nodePool()].map(refusesKarpenterObject)).toEqual([undefined, undefined]);
  });

  it.each([
    [
      "a role and a profile",
      nodeClass({ role: "nodes" }),
      "must specify exactly one of ['role', 'instanceProfile']",
    ],
    ["neither", nodeClass({ instanceProfile: undefined }), "must specify exactly one of"],
    ["no alias", nodeClass({ amiSelectorTerms: [] }), "'alias' is improperly formatted"],
    ["a release for an alias", nodeClass({ amiSelectorTerms: [{ alias: "1.35.6-20260714" }] }), "'alias' is"],
    ["no subnet", nodeClass({ subnetSelectorTerms: [] }), "subnetSelectorTerms cannot be empty"],
    ["no group", nodeClass({ securityGroupSelectorTerms: [] }), "securityGroupSelectorTerms cannot be empty"],
    [
      "a volume without a size",
      nodeClass({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: {} }] }),
      "snapshotID or volumeSize must be defined",
    ],
    [
      "a reserved tag",
      nodeClass({ tags: { "karpenter.sh/nodepool": "x" } }),
      "tag contains a restricted tag",
    ],
    ["no class", nodePool({ nodeClassRef: {} }), "nodeClassRef.name: Required value"],
    [
      "no values",
      nodePool({ requirements: [{ key: "kubernetes.io/arch", operator: "In", values: [] }] }),
      "requirements with operator 'In' must have a value defined",
    ],
    [
      "a reserved label",
      nodePool({}, { "kubernetes.io/hostname": "x" }),
      'label "kubernetes.io/hostname" is restricted',
    ],
  ])("refuses %s", (_name, object, words) => {
    expect(refusesKarpenterObject(object)).toContain(words);
  });
});
