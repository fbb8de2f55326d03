import { describe, expect, it, onTestFinished } from "vitest";
import { felixDrift, kubectlFields } from "../../../../../infra/commands/verify/checks/drift.ts";
import { liveAt, startFakeApi } from "./fakeApi.ts";

const wanted = { bpfExternalServiceMode: "DSR", calicoNetwork: { bgp: "Disabled" } };

const written = (manager: string, spec: object, more: object = {}) => ({
  metadata: { name: "default", managedFields: [{ manager, fieldsV1: { "f:spec": spec }, ...more }] },
});

describe("fields that the next update drops", () => {
  it.each(["kubectl-patch", "kubectl-edit", "kubectl-client-side-apply", "kubectl", "before-first-apply"])(
    "are those that %s wrote and the stack does not say",
    (manager) => {
      const spec = { "f:wireguardEnabled": {}, "f:bpfExternalServiceMode": {} };

      expect(kubectlFields(wanted, written(manager, spec))).toEqual([
        { path: "spec.wireguardEnabled", manager },
      ]);
    },
  );

  it("are named to the deepest field", () => {
    const spec = {
      "f:calicoNetwork": { ".": {}, "f:bgp": {}, "f:mtu": {} },
      "f:typhaAffinity": { "f:nodeAffinity": {} },
    };

    expect(kubectlFields(wanted, written("kubectl-edit", spec)).map(({ path }) => path)).toEqual([
      "spec.calicoNetwork.mtu",
      "spec.typhaAffinity",
    ]);
  });

  it.each<[string, ReturnType<typeof written>]>([
    ["a controller's", written("operator", { "f:healthPort": {} })],
    ["of the status", written("kubectl-edit", { "f:wireguardEnabled": {} }, { subresource: "status" })],
    ["there where nothing says who wrote what", { metadata: { name: "default" } } as never],
  ])("are not %s", (_whose, object) => {
    expect(kubectlFields(wanted, object)).toEqual([]);
  });
});

it("bpfEnabled that was set by hand comes with the command that hands it back to the operator", async () => {
  const api = await startFakeApi({
    "/apis/crd.projectcalico.org/v1/felixconfigurations": {
      items: [{ metadata: { name: "default" }, spec: { bpfEnabled: false } }],
    },
  });
  onTestFinished(() => api.stop());
  const live = liveAt(api.url);
  const expected = { dataplane: "BPF", felixConfiguration: {} };

  expect(
    await felixDrift.run({ ...live, target: { ...live.target, expected } as typeof live.target }),
  ).toEqual([
    {
      verdict: "failed",
      evidence: `FelixConfiguration default: spec.bpfEnabled is false, the stack says true; if it was set manually: kubectl patch felixconfigurations.crd.projectcalico.org default --type=merge -p '{"metadata":{"annotations":{"operator.tigera.io/bpfEnabled":null}},"spec":{"bpfEnabled":null}}'`,
    },
  ]);
});
