import { describe, expect, it } from "vitest";
import { installationSpec } from "../../../../components/specs/calico.ts";
import { type SettingsChange, settings } from "../../../support/settings.ts";

type CalicoChange = SettingsChange["calico"];

const pool = {
  name: "default-ipv4-ippool",
  cidr: "192.168.0.0/16",
  encapsulation: "VXLAN",
  natOutgoing: "Enabled",
  blockSize: 26,
  nodeSelector: "all()",
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
  disableBGPExport: false,
  disableNewAllocations: false,
};
const network = {
  linuxDataplane: "BPF",
  bgp: "Disabled",
  nodeAddressAutodetectionV4: { kubernetes: "NodeInternalIP" },
  ipPools: [pool],
};
const base = {
  variant: "Calico",
  kubernetesProvider: "EKS",
  cni: { type: "Calico", ipam: { type: "Calico" } },
  flexVolumePath: "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
  kubeletVolumePluginPath: "None",
  nodeMetricsPort: 9091,
  calicoNetwork: network,
};

const spec = (calico: CalicoChange = {}) => installationSpec(settings({ calico }));

describe("installationSpec", () => {
  it("is this by default", () => {
    expect(spec()).toEqual(base);
  });

  it.each<[CalicoChange, object]>([
    [{ dataplane: "BPF" }, {}],
    [{ dataplane: "Iptables" }, { linuxDataplane: "Iptables" }],
    [{ mtu: "auto" }, {}],
    [{ mtu: 1400 }, { mtu: 1400 }],
    [{ podCidr: "10.244.0.0/16" }, { ipPools: [{ ...pool, cidr: "10.244.0.0/16" }] }],
    [{ blockSize: 28 }, { ipPools: [{ ...pool, blockSize: 28 }] }],
    [{ encapsulation: "VXLANCrossSubnet" }, { ipPools: [{ ...pool, encapsulation: "VXLANCrossSubnet" }] }],
    [
      { encapsulation: "None" },
      { clusterRoutingMode: "Felix", ipPools: [{ ...pool, encapsulation: "None" }] },
    ],
    [
      { dataplane: "Iptables", encapsulation: "None" },
      {
        linuxDataplane: "Iptables",
        clusterRoutingMode: "Felix",
        ipPools: [{ ...pool, encapsulation: "None" }],
      },
    ],
    [
      { dataplane: "Iptables", encapsulation: "VXLANCrossSubnet" },
      { linuxDataplane: "Iptables", ipPools: [{ ...pool, encapsulation: "VXLANCrossSubnet" }] },
    ],
  ])("turns %j into the network's %j", (changes, differs) => {
    expect(spec(changes)).toEqual({ ...base, calicoNetwork: { ...network, ...differs } });
  });

  it("leaves pod addresses to the AWS VPC CNI: no pool, no routes and no MTU of Calico's", () => {
    const { ipPools: _, ...withoutPool } = network;

    expect(spec({ cni: "AmazonVPC" })).toEqual({
      ...base,
      cni: { type: "AmazonVPC", ipam: { type: "AmazonVPC" } },
      calicoNetwork: withoutPool,
    });
  });

  it("ends the registry with a slash, as the operator demands", () => {
    expect(spec({ registry: "mirror.example.com/quay" })).toEqual({
      ...base,
      registry: "mirror.example.com/quay/",
    });
  });

  it("sets the metrics port, or leaves metrics off", () => {
    const { nodeMetricsPort, ...without } = base;

    expect(spec({ metricsPort: 9900 })).toEqual({ ...base, nodeMetricsPort: 9900 });
    expect(spec({ metricsPort: null })).toEqual(without);
  });

  it.each<[string, SettingsChange["nodePools"], string]>([
    ["AL2023", { default: {} }, "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/"],
    [
      "AL2023 twice",
      { default: {}, arm: { architecture: "arm64" } },
      "/usr/libexec/kubernetes/kubelet-plugins/volume/exec/",
    ],
    ["Bottlerocket", { default: { family: "Bottlerocket" } }, "/var/lib/kubelet/plugins"],
    ["both, which have no path in common", { default: {}, other: { family: "Bottlerocket" } }, "None"],
  ])("puts the FlexVolume driver where %s takes it", (_name, nodePools, flexVolumePath) => {
    expect(installationSpec({ ...settings(), nodePools: settings({ nodePools }).nodePools })).toEqual({
      ...base,
      flexVolumePath,
    });
  });
});
