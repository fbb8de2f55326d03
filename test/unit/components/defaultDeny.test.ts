import { describe, expect, it } from "vitest";
import { DefaultDeny } from "../../../components/defaultDeny.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel } from "../../support/graph.ts";
import { Stub } from "../../support/stub.ts";

const namespaceType = "kubernetes:core/v1:NamespacePatch";
const policyType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

const { resources } = await record(
  () =>
    new DefaultDeny("default-deny", {
      namespaces: ["shop", "payments"],
      apiServerCidrs: ["10.40.255.240/28"],
      allowPodIdentity: false,
      after: [new Stub("coredns")],
    }),
);

describe("DefaultDeny", () => {
  it("registers a patch and two policies for each namespace, below itself", () => {
    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:DefaultDeny default-deny",
      `${namespaceType} payments`,
      `${namespaceType} shop`,
      `${policyType} payments-allow-dns-and-api-server`,
      `${policyType} payments-default-deny`,
      `${policyType} shop-allow-dns-and-api-server`,
      `${policyType} shop-default-deny`,
    ]);
    expect(topLevel(resources)).toEqual(["calico-ebpf-eks:index:DefaultDeny default-deny"]);
  });

  it("takes a namespace as it is: a patch of one label, never the namespace itself", () => {
    expect(find(resources, namespaceType, "shop").inputs).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: {
        name: "shop",
        labels: { "calico-ebpf-eks/default-deny": "true" },
        annotations: { "pulumi.com/patchFieldManager": "calico-ebpf-eks-default-deny" },
      },
    });
  });

  it("denies after it has allowed, so that on the way back the denial goes first", () => {
    const waitsFor = (name: string, type = policyType) =>
      dependenciesOf(resources, find(resources, type, name));

    expect(waitsFor("shop", namespaceType)).toEqual(["test:index:Stub coredns"]);
    expect(waitsFor("shop-allow-dns-and-api-server")).toEqual([`${namespaceType} shop`]);
    expect(waitsFor("shop-default-deny")).toEqual([`${policyType} shop-allow-dns-and-api-server`]);
  });

  it("names the policies alike in every namespace", () => {
    expect(
      resources
        .filter(({ type }) => type === policyType)
        .map(({ inputs }) => inputs["metadata"])
        .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
    ).toEqual([
      { name: "allow-dns-and-api-server", namespace: "payments" },
      { name: "allow-dns-and-api-server", namespace: "shop" },
      { name: "default-deny", namespace: "payments" },
      { name: "default-deny", namespace: "shop" },
    ]);
  });
});
