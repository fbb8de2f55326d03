import { describe, expect, it } from "vitest";
import { felixFields } from "../../../../../components/checks/existing/plan.ts";
import type { ClusterSnapshot } from "../../../../../components/checks/existing/snapshot.ts";
import {
  byManifest,
  clusterLines,
  type ExistingChange,
  existingSettings,
  felix,
  manifest,
} from "../../../../support/existing.ts";

type Found = Partial<ClusterSnapshot>;

const lost = (field: string, found: string, wanted: string, byDefault: string) =>
  `FelixConfiguration default, spec.${field}: ${found}, set by another client; it must be ${wanted}, and a destroy could only restore the default, ${byDefault}. Remove the field, and set it again after a destroy.`;

describe("the fields of FelixConfiguration that are taken over", () => {
  it.each<[string, ExistingChange, object]>([
    ["by default", {}, { bpfExternalServiceMode: "DSR", bpfKubeProxyHealthzPort: 10256 }],
    [
      "together with kube-proxy",
      { kubeProxy: "Running", calico: { externalService: "Tunnel", dsrOptOutCidrs: ["10.0.0.0/8"] } },
      {
        bpfExternalServiceMode: "Tunnel",
        bpfDSROptoutCIDRs: ["10.0.0.0/8"],
        bpfKubeProxyIptablesCleanupEnabled: false,
        bpfKubeProxyHealthzPort: 0,
      },
    ],
  ])("are these %s, and never bpfEnabled", (_name, change, fields) => {
    expect(felixFields(existingSettings(change))).toEqual(fields);
  });
});

describe("FelixConfiguration of a cluster that is there", () => {
  it.each<[string, Found, ExistingChange?]>([
    [
      "defaults that are said",
      { felix: felix({ bpfExternalServiceMode: "Tunnel", bpfKubeProxyHealthzPort: 10256 }) },
    ],
    ["what is wanted, said by someone else", { felix: felix({ bpfExternalServiceMode: "DSR" }) }],
    [
      "what this program has set before",
      {
        felix: felix(
          { bpfExternalServiceMode: "Tunnel", bpfKubeProxyHealthzPort: 0 },
          { ours: ["bpfKubeProxyHealthzPort"] },
        ),
      },
    ],
    [
      "bpfEnabled as the operator wrote it",
      { felix: felix({ bpfEnabled: true }, { operatorsBpfEnabled: "true" }) },
    ],
    [
      "bpfEnabled as this program wrote it",
      { ...byManifest, felix: felix({ bpfEnabled: true }, { ours: ["bpfEnabled"] }) },
    ],
    ["bpfEnabled off, said by a manifest", { ...byManifest, felix: felix({ bpfEnabled: false }) }],
    [
      "an environment that says the same",
      { ...byManifest, manifest: { ...manifest, env: { FELIX_BPFENABLED: "true" } } },
    ],
  ])("passes with %s", (_name, found, change) => {
    expect(clusterLines(found, change)).toEqual([]);
  });

  it.each<[string, Found, string, ExistingChange?]>([
    [
      "no default",
      { felix: { apiVersion: "projectcalico.org/v3", configurations: [] } },
      "FelixConfiguration default: it does not exist; Calico creates it when it starts. Find out why calico-node or the operator has not created it.",
    ],
    [
      "a service mode that a destroy would lose",
      { felix: felix({ bpfExternalServiceMode: "DSR" }) },
      lost("bpfExternalServiceMode", "DSR", "Tunnel", "Tunnel"),
      { calico: { externalService: "Tunnel" } },
    ],
    [
      "a health port that a destroy would lose",
      { felix: felix({ bpfKubeProxyHealthzPort: 0 }) },
      lost("bpfKubeProxyHealthzPort", "0", "10256", "10256"),
    ],
    [
      "bpfEnabled that the operator has not written",
      { felix: felix({ bpfEnabled: true }) },
      "FelixConfiguration default, spec.bpfEnabled: true, not set by the operator; the operator then refuses to switch the dataplane. Remove the field, and the annotation operator.tigera.io/bpfEnabled.",
    ],
    [
      "bpfEnabled removed behind the operator's back",
      { felix: felix({}, { operatorsBpfEnabled: "false" }) },
      "FelixConfiguration default, spec.bpfEnabled: it was removed; the operator then refuses to switch the dataplane. Remove the field, and the annotation operator.tigera.io/bpfEnabled.",
    ],
    [
      "eBPF that someone else has switched on",
      { ...byManifest, felix: felix({ bpfEnabled: true }) },
      "FelixConfiguration default, spec.bpfEnabled: true, set by another client; its other owner must release it, or a destroy could not restore it. Bring kube-proxy back and remove the field; this program then sets both.",
    ],
    [
      "an environment that overrules it",
      { ...byManifest, manifest: { ...manifest, env: { FELIX_BPFEXTERNALSERVICEMODE: "tunnel" } } },
      "DaemonSet calico-node, environment FELIX_BPFEXTERNALSERVICEMODE: tunnel; it overrides FelixConfiguration, where the field must be DSR. Remove it from the DaemonSet.",
    ],
    [
      "a node's own that overrules it",
      {
        felix: {
          apiVersion: "crd.projectcalico.org/v1",
          configurations: [
            { name: "default", spec: {}, ours: [], operatorsBpfEnabled: undefined },
            {
              name: "node.a",
              spec: { bpfExternalServiceMode: "Tunnel" },
              ours: [],
              operatorsBpfEnabled: undefined,
            },
          ],
        },
      },
      "FelixConfiguration node.a, spec.bpfExternalServiceMode: Tunnel; it overrides the default, which must be DSR. Remove the field.",
    ],
    [
      "a check that Felix turns on again",
      { felix: felix({ awsSrcDstCheck: "Enable" }) },
      "FelixConfiguration default, spec.awsSrcDstCheck: Enable; with DSR a node sends with another node's address, which AWS then drops. Set it to Disable, or set externalService: Tunnel.",
    ],
    [
      "NodeLocal DNSCache, whose address eBPF would take",
      {
        daemonSets: ["kube-proxy", "node-local-dns"],
        felix: felix({ bpfExcludeCIDRsFromNAT: ["10.96.0.1/32"] }),
      },
      "FelixConfiguration default, spec.bpfExcludeCIDRsFromNAT: it lacks 10.96.0.10/32; NodeLocal DNSCache answers at the DNS service's address on every node, which eBPF would translate away. Add 10.96.0.10/32 to it.",
    ],
  ])("is refused with %s", (_name, found, line, change) => {
    expect(clusterLines(found, change)).toEqual([line]);
  });

  it("passes with NodeLocal DNSCache whose address is left alone", () => {
    const daemonSets = ["kube-proxy", "node-local-dns"];

    expect(clusterLines({ daemonSets, felix: felix({ bpfExcludeCIDRsFromNAT: ["10.96.0.10/32"] }) })).toEqual(
      [],
    );
  });

  it("has NodeLocal DNSCache's IPv6 address left alone as a whole, too", () => {
    const found = { daemonSets: ["kube-proxy", "node-local-dns"], dnsServiceIps: ["fd00::a"] };

    expect(clusterLines({ ...found, felix: felix({ bpfExcludeCIDRsFromNAT: ["fd00::a/128"] }) })).toEqual([]);
    expect(clusterLines({ ...found, felix: felix({ bpfExcludeCIDRsFromNAT: ["fd00::a/32"] }) })).toEqual([
      expect.stringContaining("it lacks fd00::a/128; "),
    ]);
  });
});
