import { describe, expect, it } from "vitest";
import { KubeProxy } from "../../../components/kubeProxy.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel, untagged } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";
import { Stub } from "../../support/stub.ts";

const addonType = "aws:eks/addon:Addon";
const patchType = "kubernetes:apps/v1:DaemonSetPatch";
const tags = { team: "net" };

const kubeProxy = (mode: "Absent" | "Parked" | "Running") =>
  record(
    () =>
      new KubeProxy("kube-proxy", {
        clusterName: "calico-ebpf-eks-dev",
        mode,
        addonVersion: "v1.35.0-eksbuild.2",
        after: new Stub("earlier"),
        tags,
      }),
  );

describe("KubeProxy", () => {
  it("registers nothing but itself when Absent", async () => {
    const { resources, result } = await kubeProxy("Absent");

    expect(registered(resources)).toEqual(["calico-ebpf-eks:index:KubeProxy kube-proxy"]);
    expect(result.resources).toEqual([]);
  });

  it.each(["Parked", "Running"] as const)(
    "registers the add-on and one patch when %s, so that a change between the two is an update",
    async (mode) => {
      const { resources, result } = await kubeProxy(mode);

      expect(registered(resources)).toEqual([
        "aws:eks/addon:Addon kube-proxy",
        "calico-ebpf-eks:index:KubeProxy kube-proxy",
        "kubernetes:apps/v1:DaemonSetPatch kube-proxy",
      ]);
      expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:KubeProxy kube-proxy"]);
      expect(untagged(resources, tags)).toEqual([]);
      expect(await labels(result.resources)).toEqual([
        "aws:eks/addon:Addon kube-proxy",
        "kubernetes:apps/v1:DaemonSetPatch kube-proxy",
      ]);
    },
  );

  it("updates the add-on without taking our selector away", async () => {
    const { resources } = await kubeProxy("Parked");

    expect(find(resources, addonType).inputs).toEqual({
      clusterName: "calico-ebpf-eks-dev",
      addonName: "kube-proxy",
      addonVersion: "v1.35.0-eksbuild.2",
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
      tags: { team: "net" },
    });
  });

  it.each([
    ["Parked", { spec: { template: { spec: { nodeSelector: { "non-calico": "true" } } } } }],
    ["Running", {}],
  ] as const)("patches the DaemonSet when %s with %j", async (mode, spec) => {
    const { resources } = await kubeProxy(mode);

    expect(find(resources, patchType).inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: {
        name: "kube-proxy",
        namespace: "kube-system",
        annotations: { "pulumi.com/patchFieldManager": "calico-ebpf-eks-kube-proxy" },
      },
      ...spec,
    });
  });

  it("loses its patch only with the add-on: taken off by itself, it would let kube-proxy back", async () => {
    const { resources } = await kubeProxy("Parked");

    expect(find(resources, patchType).deletedWith).toBe(find(resources, addonType).urn);
  });

  it("comes after what it is given: first the add-on, then the patch", async () => {
    const { resources } = await kubeProxy("Parked");

    expect(dependenciesOf(resources, find(resources, addonType))).toEqual(["test:index:Stub earlier"]);
    expect(dependenciesOf(resources, find(resources, patchType))).toEqual(["aws:eks/addon:Addon kube-proxy"]);
  });
});
