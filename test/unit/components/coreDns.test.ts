import { describe, expect, it } from "vitest";
import { CoreDns } from "../../../components/coreDns.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel, untagged } from "../../support/graph.ts";
import { Stub } from "../../support/stub.ts";

const addonType = "aws:eks/addon:Addon";
const patchType = "kubernetes:apps/v1:DeploymentPatch";
const tags = { team: "net" };

const coreDns = (dataplane: "BPF" | "Iptables") =>
  record(
    () =>
      new CoreDns("coredns", {
        clusterName: "calico-ebpf-eks-dev",
        addonVersion: "v1.13.2-eksbuild.1",
        dataplane,
        after: [new Stub("ready-gate"), new Stub("kube-proxy")],
        tags,
      }),
  );

const { resources } = await coreDns("BPF");

describe("CoreDns", () => {
  it("registers the add-on and one patch, tagged, below itself", () => {
    expect(registered(resources)).toEqual([
      "aws:eks/addon:Addon coredns",
      "calico-ebpf-eks:index:CoreDns coredns",
      "kubernetes:apps/v1:DeploymentPatch coredns",
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:CoreDns coredns"]);
    expect(untagged(resources, tags)).toEqual([]);
  });

  it("updates the add-on without taking the patch away", () => {
    expect(find(resources, addonType).inputs).toEqual({
      clusterName: "calico-ebpf-eks-dev",
      addonName: "coredns",
      addonVersion: "v1.13.2-eksbuild.1",
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
      tags: { team: "net" },
    });
  });

  it.each(["BPF", "Iptables"] as const)(
    "names %s on the pod template, so that a switch rolls the pods",
    async (dataplane) => {
      const { resources: found } = await coreDns(dataplane);

      expect(find(found, patchType).inputs).toEqual({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: {
          name: "coredns",
          namespace: "kube-system",
          annotations: { "pulumi.com/patchFieldManager": "calico-ebpf-eks-coredns" },
        },
        spec: { template: { metadata: { annotations: { "calico-ebpf-eks/dataplane": dataplane } } } },
      });
    },
  );

  it("comes after all its dependencies: first the add-on, then the patch", () => {
    expect(dependenciesOf(resources, find(resources, addonType))).toEqual([
      "test:index:Stub kube-proxy",
      "test:index:Stub ready-gate",
    ]);
    expect(dependenciesOf(resources, find(resources, patchType))).toEqual(["aws:eks/addon:Addon coredns"]);
  });
});
