import { describe, expect, it } from "vitest";
import { felixSpec } from "../../../../components/specs/calico.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

const base = {
  awsSrcDstCheck: "Disable",
  bpfExternalServiceMode: "DSR",
  bpfDSROptoutCIDRs: [],
  bpfKubeProxyIptablesCleanupEnabled: true,
  bpfKubeProxyHealthzPort: 10256,
};

describe("felixSpec", () => {
  it.each<[string, SettingsChange, object]>([
    ["the defaults", {}, {}],
    ["Tunnel", { calico: { externalService: "Tunnel" } }, { bpfExternalServiceMode: "Tunnel" }],
    [
      "clients that opt out",
      { calico: { dsrOptOutCidrs: ["198.51.100.0/24"] } },
      { bpfDSROptoutCIDRs: ["198.51.100.0/24"] },
    ],
    ["kube-proxy Parked", { kubeProxy: "Parked" }, {}],
    [
      "kube-proxy Running",
      { kubeProxy: "Running" },
      { bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 },
    ],
    [
      "the Iptables dataplane",
      { calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Running" },
      {
        bpfExternalServiceMode: "Tunnel",
        bpfKubeProxyIptablesCleanupEnabled: false,
        bpfKubeProxyHealthzPort: 0,
      },
    ],
    [
      "further fields",
      { calico: { felix: { bpfLogLevel: "Debug", failsafeInboundHostPorts: [] } } },
      { bpfLogLevel: "Debug", failsafeInboundHostPorts: [] },
    ],
  ])("follows %s", (_name, changes, differs) => {
    expect(felixSpec(settings(changes))).toEqual({ ...base, ...differs });
  });

  it.each<SettingsChange>([{}, { calico: { dataplane: "Iptables" } }, { kubeProxy: "Running" }])(
    "never holds bpfEnabled, which is the operator's: %j",
    (changes) => {
      expect(felixSpec(settings(changes))).not.toHaveProperty("bpfEnabled");
    },
  );

  it("lets no further field undo what the program decides", () => {
    const felix = { awsSrcDstCheck: "Enable", bpfKubeProxyHealthzPort: 1 };

    expect(felixSpec(settings({ calico: { felix } }))).toEqual(base);
  });
});
