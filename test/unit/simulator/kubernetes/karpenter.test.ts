import { describe, expect, it } from "vitest";
import { refusesKarpenterObject } from "../../../simulator/kubernetes/karpenterObjects.ts";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import { Cluster, felix, installation } from "./cluster.ts";

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
      "a taint with an empty value",
      nodePool({ taints: [{ key: "team", value: "", effect: "NoSchedule" }] }),
      'spec.template.spec.taints[0].value: Invalid value: ""',
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

const definition = (group: string, kind: string): KubernetesObject => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${kind.toLowerCase()}s.${group}` },
  spec: {
    group,
    names: { kind, plural: `${kind.toLowerCase()}s` },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
});

const definitions = [
  definition("karpenter.sh", "NodePool"),
  definition("karpenter.sh", "NodeClaim"),
  definition("karpenter.k8s.aws", "EC2NodeClass"),
];
const controller: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "karpenter", namespace: "kube-system" },
  spec: {},
};

/** A cluster in which Karpenter has started a node for a NodePool. */
async function withOneNode(): Promise<Cluster> {
  const cluster = new Cluster();
  await cluster.startOperator();
  cluster.apply(felix(), installation());
  await cluster.idle();
  cluster.apply(...definitions, controller, nodeClass(), nodePool());
  await cluster.idle();
  return cluster;
}

const claims = (cluster: Cluster) => cluster.kubernetes.contents().filter(({ kind }) => kind === "NodeClaim");

describe("Karpenter's nodes", () => {
  it("end with their NodePool while Karpenter runs, and the EC2NodeClass goes after them", async () => {
    const cluster = await withOneNode();
    expect(claims(cluster)).toHaveLength(1);

    let left: number | undefined;
    // Both at once, as a destroy would: under load a wait for one alone ends too early.
    await Promise.all([
      cluster.delete("EC2NodeClass", nodeClass()).then(() => {
        left = claims(cluster).length;
      }),
      cluster.delete("NodePool", nodePool()),
    ]);
    expect([left, claims(cluster)]).toEqual([0, []]);
  });

  it("stay when Karpenter goes first, and the NodePool with them", async () => {
    const cluster = await withOneNode();
    await cluster.delete("Deployment", controller);

    await expect(cluster.delete("NodePool", nodePool())).rejects.toThrow("timed out");
    expect(claims(cluster)).toHaveLength(1);
  });

  it("stay when the cluster goes first, and count as left behind", async () => {
    const cluster = await withOneNode();
    cluster.endpointHost = undefined;
    cluster.activity.changed();

    expect(claims(cluster)).toHaveLength(1);
  });

  it("stay when their definition goes first", async () => {
    const cluster = await withOneNode();
    await cluster.delete("CustomResourceDefinition", definition("karpenter.sh", "NodeClaim"));

    expect(claims(cluster)).toHaveLength(1);
  });
});
