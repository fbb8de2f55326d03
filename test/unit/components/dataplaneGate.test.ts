import { describe, expect, it } from "vitest";
import { DataplaneGate } from "../../../components/gates.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered } from "../../support/graph.ts";
import { labels } from "../../support/outputs.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const gateType = "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch";

const gate = (changes: SettingsChange = {}) =>
  record(
    () =>
      new DataplaneGate("dataplane-gate", {
        settings: settings(changes),
        after: [new Stub("installation"), new Stub("nodes")],
      }),
  );

describe("DataplaneGate", () => {
  it("registers the gate, after all that it is given", async () => {
    const { resources, result } = await gate();

    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:DataplaneGate dataplane-gate",
      `${gateType} dataplane-gate`,
    ]);
    expect(dependenciesOf(resources, find(resources, gateType))).toEqual([
      "test:index:Stub installation",
      "test:index:Stub nodes",
    ]);
    expect(await labels([result.passed])).toEqual([`${gateType} dataplane-gate`]);
  });

  it("takes over the gate that was a child of the Dataplane", async () => {
    const { resources } = await gate();

    expect(find(resources, gateType).aliases).toEqual([
      "urn:pulumi:dev::calico-ebpf-eks::calico-ebpf-eks:index:Dataplane::dataplane",
    ]);
  });

  it.each([
    ["BPF", "true"],
    ["Iptables", "false"],
  ] as const)("waits for %s, and touches nothing but annotations", async (dataplane, enabled) => {
    const { resources } = await gate({ calico: { dataplane } });

    expect(find(resources, gateType).inputs).toEqual({
      apiVersion: "crd.projectcalico.org/v1",
      kind: "FelixConfiguration",
      metadata: {
        name: "default",
        annotations: {
          "pulumi.com/waitFor": `jsonpath={.spec.bpfEnabled}=${enabled}`,
          "pulumi.com/timeoutSeconds": "900",
          "pulumi.com/patchFieldManager": "calico-ebpf-eks-dataplane-gate",
          "calico-ebpf-eks/dataplane": dataplane,
        },
      },
    });
  });
});
