import { expect, it } from "vitest";
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

it("Karpenter comes up, shows no change afterwards, and ends its nodes before anything that they need is deleted", async () => {
  const { problems, leftBehind, resources } = await rehearsed({
    config: withKarpenter,
    until: "destroy",
  });

  expect(problems).toEqual([]);
  expect(leftBehind).toEqual([]);
  expect(resources.filter(({ type }) => ofKarpenter.test(type)).map(({ name }) => name)).toEqual([
    "karpenter-class-default",
    "karpenter-pool-default",
  ]);
}, 180_000);
