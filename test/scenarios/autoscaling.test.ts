import type * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { changed } from "./changed.ts";
import { rehearsed, smallCluster } from "./rehearsed.ts";

it("the Cluster Autoscaler comes up with its credentials, shows no change afterwards and leaves nothing behind", async () => {
  const { problems, leftBehind, resources } = await rehearsed({
    config: { ...smallCluster, "calico-ebpf-eks:autoscaling": "ClusterAutoscaler" },
    until: "destroy",
  });

  expect(problems).toEqual([]);
  expect(leftBehind).toEqual([]);
  expect(
    resources.filter(({ type }) => type === "aws:eks/podIdentityAssociation:PodIdentityAssociation"),
  ).toMatchObject([{ inputs: { namespace: "kube-system", serviceAccount: "cluster-autoscaler" } }]);
  expect(resources.map(({ name }) => name)).toContain("cluster-autoscaler:kube-system/cluster-autoscaler");
}, 180_000);

const withKarpenter = { ...smallCluster, "calico-ebpf-eks:autoscaling": "Karpenter" };
const ofKarpenter = /^kubernetes:karpenter\./;

it.each(["Calico", "AmazonVPC"])(
  "Karpenter comes up on the network of %s, shows no change afterwards, and ends its nodes before anything that they need is deleted",
  async (cni) => {
    const { problems, leftBehind, resources, checks } = await rehearsed({
      config: { ...withKarpenter, "calico-ebpf-eks:calico": { cni } },
      until: "destroy",
    });

    expect(problems).toEqual([]);
    expect(checks.map(({ name }) => name)).toContain("Karpenter's nodes would work");
    expect(leftBehind).toEqual([]);
    expect(resources.filter(({ type }) => ofKarpenter.test(type)).map(({ name }) => name)).toEqual([
      "karpenter-class-default",
      "karpenter-pool-default",
    ]);
  },
  180_000,
);

it("a rehearsal says what keeps Karpenter's nodes with the AWS VPC CNI from working", async () => {
  const { problems } = await rehearsed({
    config: { ...withKarpenter, "calico-ebpf-eks:calico": { cni: "AmazonVPC" } },
    tampering: ({ type, props }) => {
      if (!/EC2NodeClass$/.test(type)) return undefined;
      const { kubelet: _, ...spec } = props["spec"] as Record<string, unknown>;
      return { props: { ...props, spec: { ...spec, securityGroupSelectorTerms: [{ id: "sg-0" }] } } };
    },
  });
  const of = "failed: Karpenter's nodes would work: ";
  const lines = problems.filter((line) => line.startsWith(of)).map((line) => line.replace(of, ""));

  expect(lines.slice(0, 3)).toEqual([
    "default: there is no sg-0",
    "default: TCP 443 from the node to the control plane is closed",
    "default: Karpenter counts its own number of pods on it",
  ]);
  expect(lines).toContainEqual(
    expect.stringMatching(/^a node of NodePool default to ip-.*: closed, TCP 8080 of pods is not open$/),
  );
}, 180_000);

it("Karpenter's nodes stay behind when its NodePool is deleted with the cluster instead of before it", async () => {
  let cluster: pulumi.ResourceOptions["deletedWith"];
  const { leftBehind } = await rehearsed({
    config: withKarpenter,
    until: "destroy",
    tampering: ({ type, opts }) => {
      if (type === "kubernetes:helm.sh/v4:Chart") cluster = opts.deletedWith ?? cluster;
      return ofKarpenter.test(type) && cluster !== undefined
        ? { opts: { ...opts, deletedWith: cluster } }
        : undefined;
    },
  });

  expect(leftBehind).toEqual(["NodeClaim default"]);
}, 180_000);

it("Karpenter ends its nodes before it is taken away, and the cluster stays", async () => {
  const { change, problems, leftBehind } = await changed(
    { "calico-ebpf-eks:autoscaling": "Karpenter" },
    { "calico-ebpf-eks:autoscaling": "None" },
  );

  expect(problems).toEqual([]);
  expect(leftBehind).toEqual([]);
  const deleted = change?.steps.filter(({ operation }) => operation === "delete").map(({ name }) => name);
  expect(deleted?.filter((name) => /^(NodePool|EC2NodeClass|Deployment) /.test(name))).toEqual([
    "NodePool karpenter-pool-default",
    "EC2NodeClass karpenter-class-default",
    "Deployment karpenter",
  ]);
}, 180_000);
