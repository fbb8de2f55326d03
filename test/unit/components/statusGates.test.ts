import { describe, expect, it } from "vitest";
import { StatusGates } from "../../../components/statusGates.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, namesOf, registered } from "../../support/graph.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const gateType = "kubernetes:operator.tigera.io/v1:TigeraStatusPatch";
const digestKey = "calico-ebpf-eks/settings-digest";

const statusGates = async (changes: SettingsChange = {}) =>
  (
    await record(
      () => new StatusGates("status-gates", { settings: settings(changes), after: [new Stub("dns")] }),
    )
  ).resources;

const digestOf = async (changes: SettingsChange) => {
  const { metadata } = find(await statusGates(changes), gateType, "ippools").inputs;
  return (metadata as { annotations: Record<string, string> }).annotations[digestKey];
};

describe("StatusGates", () => {
  it("wait for the IP pools, Calico's API server and its tiers, one patch of each status, after DNS", async () => {
    const resources = await statusGates();
    const gates = resources.filter(({ type }) => type === gateType);

    expect(registered(resources)).toEqual([
      "calico-ebpf-eks:index:StatusGates status-gates",
      `${gateType} apiserver`,
      `${gateType} ippools`,
      `${gateType} tiers`,
    ]);
    for (const gate of gates) {
      expect(gate.inputs).toEqual({
        apiVersion: "operator.tigera.io/v1",
        kind: "TigeraStatus",
        metadata: {
          name: gate.name,
          annotations: {
            "pulumi.com/waitFor": "condition=Available",
            "pulumi.com/timeoutSeconds": "600",
            "pulumi.com/patchFieldManager": "calico-ebpf-eks-status-gate",
            [digestKey]: expect.stringMatching(/^[0-9a-f]{12}$/),
          },
        },
      });
      expect(dependenciesOf(resources, gate)).toEqual(["test:index:Stub dns"]);
    }
  });

  it("without Calico's API server wait for neither its status nor the tiers, which never come", async () => {
    expect(namesOf(await statusGates({ calico: { apiServer: false } }), gateType)).toEqual(["ippools"]);
  });

  it("wait again when Calico or Kubernetes changes, and not when the nodes do", async () => {
    const base = await digestOf({});

    expect(await digestOf({ calico: { externalService: "Tunnel" } })).not.toBe(base);
    expect(await digestOf({ cluster: { kubernetesVersion: "1.36" } })).not.toBe(base);
    expect(await digestOf({ nodePools: { default: { diskGib: 40 } } })).toBe(base);
  });
});
