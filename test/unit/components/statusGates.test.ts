import { describe, expect, it } from "vitest";
import { StatusGates } from "../../../components/gates.ts";
import { record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, namesOf, registered } from "../../support/graph.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";
import { Stub } from "../../support/stub.ts";

const gateType = "kubernetes:operator.tigera.io/v1:TigeraStatusPatch";

const statusGates = async (changes: SettingsChange = {}) =>
  (
    await record(
      () => new StatusGates("status-gates", { settings: settings(changes), after: [new Stub("dns")] }),
    )
  ).resources;

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
          },
        },
      });
      expect(dependenciesOf(resources, gate)).toEqual(["test:index:Stub dns"]);
      expect(gate.ignoreChanges).toEqual(["metadata.annotations"]);
    }
  });

  it("without Calico's API server wait for neither its status nor the tiers, which never come", async () => {
    expect(namesOf(await statusGates({ calico: { apiServer: false } }), gateType)).toEqual(["ippools"]);
  });

  it("wait for no IP pools with the AWS VPC CNI, which has none", async () => {
    expect(namesOf(await statusGates({ calico: { cni: "AmazonVPC" } }), gateType)).toEqual([
      "apiserver",
      "tiers",
    ]);
  });
});
