import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

const existing = {
  vpcId: "vpc-0a1b2c3d",
  controlPlaneSubnetIds: ["subnet-0000000a", "subnet-0000000b"],
  nodeSubnetIds: ["subnet-0000000c"],
};

const refused: readonly { name: string; changes: SettingsChange; lines: readonly string[] }[] = [
  {
    name: "DSR over two node zones",
    changes: { network: { nodeZones: ["eu-west-1a", "eu-west-1b"] } },
    lines: [
      "calico.externalService: DSR needs one node subnet; network.nodeZones has 2 (eu-west-1a, eu-west-1b). Keep one zone, or set externalService: Tunnel.",
    ],
  },
  {
    name: "DSR over two existing node subnets",
    changes: {
      network: { existing: { ...existing, nodeSubnetIds: ["subnet-0000000c", "subnet-0000000d"] } },
    },
    lines: [
      "calico.externalService: DSR needs one node subnet; network.existing.nodeSubnetIds has 2 (subnet-0000000c, subnet-0000000d). Keep one subnet, or set externalService: Tunnel.",
    ],
  },
  {
    name: "Iptables and nothing else changed",
    changes: { calico: { dataplane: "Iptables" } },
    lines: [
      "calico.externalService: DSR, the default, needs the BPF dataplane; calico.dataplane is Iptables. Set externalService: Tunnel, or dataplane: BPF.",
      "kubeProxy: Absent leaves the cluster without a service handler; calico.dataplane is Iptables, which needs kube-proxy on every node. Set kubeProxy: Running, or calico.dataplane: BPF.",
    ],
  },
  {
    name: "Iptables with kube-proxy parked",
    changes: { calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Parked" },
    lines: [
      "kubeProxy: Parked leaves the cluster without a service handler; calico.dataplane is Iptables, which needs kube-proxy on every node. Set kubeProxy: Running, or calico.dataplane: BPF.",
    ],
  },
  {
    name: "an opt-out of a part of the VPC and of a part of the pods",
    changes: { calico: { dsrOptOutCidrs: ["10.40.1.0/24", "192.168.0.0/24"] } },
    lines: [
      "calico.dsrOptOutCidrs[0]: 10.40.1.0/24 is part of network.vpcCidr (10.40.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 10.40.0.0/16, or a range outside it.",
      "calico.dsrOptOutCidrs[1]: 192.168.0.0/24 is part of calico.podCidr (192.168.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 192.168.0.0/16, or a range outside it.",
    ],
  },
  {
    name: "an opt-out of a part of the services",
    changes: { calico: { dsrOptOutCidrs: ["172.20.0.10/32"] } },
    lines: [
      "calico.dsrOptOutCidrs[0]: 172.20.0.10/32 is part of cluster.serviceCidr (172.20.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 172.20.0.0/16, or a range outside it.",
    ],
  },
  {
    name: "IPIP",
    changes: { calico: { encapsulation: "IPIP" } },
    lines: [
      "calico.encapsulation: Calico does not recommend IPIP under eBPF, where it performs poorly; the nodes' security group does not allow it either. Set encapsulation: VXLAN.",
    ],
  },
  {
    name: "IPIP between subnets",
    changes: { calico: { encapsulation: "IPIPCrossSubnet" } },
    lines: [
      "calico.encapsulation: Calico does not recommend IPIPCrossSubnet under eBPF, where it performs poorly; the nodes' security group does not allow it either. Set encapsulation: VXLANCrossSubnet.",
    ],
  },
  {
    name: "bare pods over two node zones",
    changes: {
      network: { nodeZones: ["eu-west-1a", "eu-west-1b"] },
      calico: { encapsulation: "None", externalService: "Tunnel" },
    },
    lines: [
      "calico.encapsulation: None needs one node subnet: a VPC does not route pod addresses from one subnet to another; network.nodeZones has 2 (eu-west-1a, eu-west-1b). Set encapsulation: VXLANCrossSubnet, which encapsulates between subnets only, or keep one.",
    ],
  },
  {
    name: "bare pods over three existing node subnets, under Iptables too",
    changes: {
      network: {
        existing: {
          ...existing,
          nodeSubnetIds: ["subnet-0000000c", "subnet-0000000d", "subnet-0000000e"],
        },
      },
      calico: { encapsulation: "None", externalService: "Tunnel", dataplane: "Iptables" },
      kubeProxy: "Running",
    },
    lines: [
      "calico.encapsulation: None needs one node subnet: a VPC does not route pod addresses from one subnet to another; network.existing.nodeSubnetIds has 3 (subnet-0000000c, subnet-0000000d, subnet-0000000e). Set encapsulation: VXLANCrossSubnet, which encapsulates between subnets only, or keep one.",
    ],
  },
  {
    name: "pods' packets that VXLAN makes too large",
    changes: { calico: { mtu: 8952 } },
    lines: [
      "calico.mtu: 8952 bytes plus the 50 of VXLAN do not fit into a packet; a VPC carries 9001 bytes. Set mtu: 8951 or less, or auto.",
    ],
  },
  {
    name: "fields of FelixConfiguration that the operator owns",
    changes: { calico: { felix: { bpfEnabled: true, vxlanPort: 8472 } } },
    lines: [
      "calico.felix.bpfEnabled: the operator owns the field; it stops the operator, silently, when another client has set it. Set calico.dataplane: BPF or Iptables.",
      "calico.felix.vxlanPort: the operator owns the field; it is set by the operator, and the nodes' security group allows only 4789. Remove it.",
    ],
  },
  {
    name: "fields of FelixConfiguration that this program owns",
    changes: { calico: { felix: { bpfExternalServiceMode: "DSR", wireguardEnabled: true } } },
    lines: [
      "calico.felix.bpfExternalServiceMode: this program owns the field; it has its own setting. Set calico.externalService: DSR or Tunnel.",
      "calico.felix.wireguardEnabled: this program owns the field; it needs UDP 51820 and 51821 between the nodes, which their security group does not allow. Remove it.",
    ],
  },
];

const accepted: readonly { name: string; changes: SettingsChange }[] = [
  { name: "DSR in one zone", changes: { network: { nodeZones: ["eu-west-1b"] } } },
  { name: "DSR in one existing subnet", changes: { network: { existing } } },
  {
    name: "Tunnel over two zones",
    changes: { network: { nodeZones: ["eu-west-1a", "eu-west-1b"] }, calico: { externalService: "Tunnel" } },
  },
  {
    name: "Iptables with kube-proxy and Tunnel",
    changes: { calico: { dataplane: "Iptables", externalService: "Tunnel" }, kubeProxy: "Running" },
  },
  { name: "kube-proxy with BPF", changes: { kubeProxy: "Running" } },
  { name: "kube-proxy parked with BPF", changes: { kubeProxy: "Parked" } },
  { name: "an opt-out outside", changes: { calico: { dsrOptOutCidrs: ["10.50.0.0/16"] } } },
  { name: "an opt-out of the whole VPC", changes: { calico: { dsrOptOutCidrs: ["10.40.0.0/16"] } } },
  { name: "an opt-out of everybody", changes: { calico: { dsrOptOutCidrs: ["0.0.0.0/0"] } } },
  { name: "VXLAN between subnets only", changes: { calico: { encapsulation: "VXLANCrossSubnet" } } },
  { name: "no encapsulation", changes: { calico: { encapsulation: "None" } } },
  {
    name: "no encapsulation in one zone that is named",
    changes: { network: { nodeZones: ["eu-west-1b"] }, calico: { encapsulation: "None" } },
  },
  {
    name: "encapsulation between two zones only",
    changes: {
      network: { nodeZones: ["eu-west-1a", "eu-west-1b"] },
      calico: { encapsulation: "VXLANCrossSubnet", externalService: "Tunnel" },
    },
  },
  {
    name: "no encapsulation in an existing network",
    changes: { network: { existing }, calico: { encapsulation: "None" } },
  },
  { name: "the largest packet with VXLAN", changes: { calico: { mtu: 8951 } } },
  { name: "the largest packet without", changes: { calico: { mtu: 9001, encapsulation: "None" } } },
  {
    name: "a field of FelixConfiguration that is free",
    changes: { calico: { felix: { bpfLogLevel: "Info" } } },
  },
];

describe("the data path", () => {
  it.each(refused)("is refused: $name", ({ changes, lines }) => {
    expect(settingsLines(changes)).toEqual(lines);
  });

  it.each(accepted)("is accepted: $name", ({ changes }) => {
    expect(settingsLines(changes)).toEqual([]);
  });
});
