import { beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../simulator/kubernetes/object.ts";
import type { Values } from "../../../simulator/protocol/provider.ts";
import { Cluster, felix, installation } from "./cluster.ts";

/** Two pods of a chart. */
function twoPods(spec: Values): KubernetesObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "controller", namespace: "tigera-operator" },
    spec: { replicas: 2, template: { spec } },
  };
}

const apart: Values = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname" }],
    },
  },
};
const gpu = { key: "gpu", effect: "NoSchedule" };

describe("A Deployment of two pods, with a node that has a taint and one that has none,", () => {
  let cluster: Cluster;
  const taint = (effect: string) => {
    const [[id, instance] = []] = cluster.instances;
    if (id !== undefined && instance !== undefined)
      cluster.instances.set(id, { ...instance, taints: [{ key: "gpu", effect }] });
  };

  beforeEach(async () => {
    cluster = new Cluster();
    await cluster.startOperator(2);
    cluster.apply(installation(), felix());
    await cluster.idle();
    taint("NoSchedule");
  });

  it.each([
    ["may share the other node", {}],
    ["tolerate the taint", { ...apart, tolerations: [{ key: "gpu", operator: "Exists" }] }],
    [
      "tolerate every taint, on the host network",
      { hostNetwork: true, tolerations: [{ operator: "Exists" }] },
    ],
  ])("is available when they %s", async (_why, spec) => {
    await expect(cluster.create("Deployment", twoPods(spec))).resolves.toBeDefined();
  });

  it.each([
    ["must not share a node", apart],
    ["have the same ports of their node", { hostNetwork: true }],
    ["tolerate another taint", { ...apart, tolerations: [{ key: "spot", operator: "Exists" }] }],
    ["tolerate another effect", { ...apart, tolerations: [{ ...gpu, effect: "NoExecute" }] }],
  ])("is never available when they %s", async (_why, spec) => {
    await expect(cluster.create("Deployment", twoPods(spec))).rejects.toMatchObject({
      reasons: [
        expect.stringContaining("timed out waiting to be Ready"),
        expect.anything(),
        expect.anything(),
      ],
    });
  });

  it("takes a node that it merely should avoid", async () => {
    taint("PreferNoSchedule");

    await expect(cluster.create("Deployment", twoPods(apart))).resolves.toBeDefined();
  });
});
