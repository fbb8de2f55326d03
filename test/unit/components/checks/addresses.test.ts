import { describe, expect, it } from "vitest";
import { settingsLines } from "../../../support/lines.ts";
import type { SettingsChange } from "../../../support/settings.ts";

const fourZones = ["eu-west-1a", "eu-west-1b", "eu-west-1c", "eu-west-1d"];
const tunnel = { externalService: "Tunnel" } as const;
const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay";

const refused: readonly { name: string; changes: SettingsChange; lines: readonly string[] }[] = [
  {
    name: "a VPC smaller than /24",
    changes: { network: { vpcCidr: "10.40.0.0/25" } },
    lines: [
      "network.vpcCidr: 10.40.0.0/25 is a /25; AWS does not allow a VPC larger than /16, and the subnets need a /24 or larger. Choose a prefix from /16 to /24, such as 10.40.0.0/16.",
    ],
  },
  {
    name: "a VPC larger than /16",
    changes: { network: { vpcCidr: "10.40.0.0/15" } },
    lines: [
      "network.vpcCidr: 10.40.0.0/15 is a /15; AWS does not allow a VPC larger than /16, and the subnets need a /24 or larger. Choose a prefix from /16 to /24, such as 10.40.0.0/16.",
    ],
  },
  {
    name: "a node subnet as large as the VPC",
    changes: { network: { vpcCidr: "10.40.0.0/20" } },
    lines: [
      "network.nodePrefix: 1 node subnet of /20 and 3 subnets of /28 do not fit into 10.40.0.0/20; 4048 addresses are left for nodes, but 4096 are needed. Set nodePrefix: 21, or set vpcCidr: 10.40.0.0/19.",
    ],
  },
  {
    name: "node subnets that leave no room for the small ones",
    changes: { network: { vpcCidr: "10.40.0.0/18", nodeZones: fourZones }, calico: tunnel },
    lines: [
      "network.nodePrefix: 4 node subnets of /20 and 3 subnets of /28 do not fit into 10.40.0.0/18; 16336 addresses are left for nodes, but 16384 are needed. Set nodePrefix: 21, or set vpcCidr: 10.40.0.0/17.",
    ],
  },
  {
    name: "a service range that is too small",
    changes: { cluster: { serviceCidr: "172.20.0.0/25" } },
    lines: [
      "cluster.serviceCidr: EKS does not accept 172.20.0.0/25; it accepts prefixes from /12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Choose such a range, such as 172.20.0.0/16.",
    ],
  },
  {
    name: "a service range outside the private ones",
    changes: { cluster: { serviceCidr: "100.64.0.0/16" } },
    lines: [
      "cluster.serviceCidr: EKS does not accept 100.64.0.0/16; it accepts prefixes from /12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Choose such a range, such as 172.20.0.0/16.",
    ],
  },
  {
    name: "services in the VPC",
    changes: { cluster: { serviceCidr: "10.40.128.0/20" } },
    lines: [
      "cluster.serviceCidr: 10.40.128.0/20 overlaps network.vpcCidr (10.40.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 172.20.0.0/16.",
    ],
  },
  {
    name: "pods around the VPC",
    changes: { calico: { podCidr: "10.0.0.0/8" } },
    lines: [
      "calico.podCidr: 10.0.0.0/8 overlaps network.vpcCidr (10.40.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 192.168.0.0/16.",
    ],
  },
  {
    name: "pods among the services, with a proposal that is free",
    changes: { network: { vpcCidr: "192.168.0.0/16" }, calico: { podCidr: "172.20.0.0/18" } },
    lines: [
      "calico.podCidr: 172.20.0.0/18 overlaps cluster.serviceCidr (172.20.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 172.24.0.0/16.",
    ],
  },
  {
    name: "fewer blocks of pod addresses than nodes",
    changes: { calico: { podCidr: "192.168.0.0/24" } },
    lines: [
      "calico.podCidr: 192.168.0.0/24 has 4 blocks of /26; every node takes one, and the pools may have 6 nodes during updates. Choose podCidr: 192.168.0.0/22 or a smaller max for the pools.",
    ],
  },
  {
    name: "blocks for all nodes, but not addresses for all pods",
    changes: { calico: { podCidr: "192.168.0.0/23" } },
    lines: [
      "calico.podCidr: 192.168.0.0/23 has 512 addresses; the pools may have 6 nodes during updates, which may need 666. Choose podCidr: 192.168.0.0/22, maxPods: 84 in every pool or a smaller max for the pools.",
    ],
  },
  {
    name: "more pods than 20 blocks hold",
    changes: { calico: { blockSize: 30 } },
    lines: [
      "calico.blockSize: 110 pods on a node of pool default take 28 blocks of /30; Calico gives a node at most 20. Set blockSize: 29 or maxPods: 79 in every pool.",
    ],
  },
  {
    name: "more pods than 20 blocks hold in one of two pools",
    changes: {
      calico: { blockSize: 29 },
      nodePools: { default: {}, big: { instanceTypes: ["m7i.8xlarge"], maxPods: 250 } },
    },
    lines: [
      "calico.blockSize: 250 pods on a node of pool big take 32 blocks of /29; Calico gives a node at most 20. Set blockSize: 28 or maxPods: 159 in every pool.",
    ],
  },
  {
    name: "blocks of one address, with which nothing fits",
    changes: { calico: { blockSize: 32, podCidr: "192.168.0.0/29" } },
    lines: [
      "calico.podCidr: 192.168.0.0/29 has 8 addresses; the pools may have 6 nodes during updates, which may need 666. Choose podCidr: 192.168.0.0/22.",
      "calico.blockSize: 110 pods on a node of pool default take 111 blocks of /32; Calico gives a node at most 20. Set blockSize: 29 or maxPods: 19 in every pool.",
    ],
  },
  {
    name: "a VPC and pods in loopback and link-local addresses",
    changes: { network: { vpcCidr: "127.0.0.0/16" }, calico: { podCidr: "169.254.0.0/16" } },
    lines: [
      "network.vpcCidr: 127.0.0.0/16 holds loopback addresses (127.0.0.0/8); no node or pod can use them. Choose a private range, such as one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
      "calico.podCidr: 169.254.0.0/16 holds link-local addresses, the instance metadata service's among them (169.254.0.0/16); no node or pod can use them. Choose a private range, such as one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
    ],
  },
  {
    name: "pods in a range that includes reserved addresses",
    changes: { calico: { podCidr: "192.0.0.0/16" } },
    lines: [
      "calico.podCidr: 192.0.0.0/16 includes addresses for protocols (192.0.0.0/24); no node or pod can use them. Choose a private range, such as one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
    ],
  },
  {
    name: "clients with multicast, reserved and unspecified addresses",
    changes: {
      cluster: { publicAccessCidrs: ["198.18.0.0/15", "224.0.0.0/24"] },
      calico: { dsrOptOutCidrs: ["240.0.0.0/8"] },
      nodePorts: { clients: ["0.0.0.0/32"] },
    },
    lines: [
      "cluster.publicAccessCidrs[1]: 224.0.0.0/24 contains multicast addresses (224.0.0.0/4); no client can use them. Write the clients' addresses, or remove it.",
      "calico.dsrOptOutCidrs[0]: 240.0.0.0/8 contains reserved addresses (240.0.0.0/4); no client can use them. Write the clients' addresses, or remove it.",
      "nodePorts.clients[0]: 0.0.0.0/32 contains addresses of this network (0.0.0.0/8); no client can use them. Write the clients' addresses, or remove it.",
    ],
  },
  {
    name: "a block larger than the pod range",
    changes: { calico: { podCidr: "192.168.0.0/28" } },
    lines: [
      "calico.podCidr: 192.168.0.0/28 has 0 blocks of /26; every node takes one, and the pools may have 6 nodes during updates. Choose podCidr: 192.168.0.0/22.",
    ],
  },
  {
    name: "more nodes than the node subnet holds",
    changes: { network: { nodePrefix: 28 }, nodePools: { default: { size: { max: 9 } } } },
    lines: [
      "network.nodePrefix: 1 node subnet (/28) can hold 11 nodes; the pools may have 12 during updates: max, plus one in 3. Set nodePrefix: 27, or lower the pools' max.",
    ],
  },
  {
    name: "a node subnet full of interface endpoints",
    changes: { network: { nodePrefix: 28, natGateway: false }, calico: { registry } },
    lines: [
      "network.nodePrefix: 1 node subnet (/28) can hold 4 nodes; the pools may have 6 during updates: max, plus one in 3. Set nodePrefix: 27, or lower the pools' max.",
    ],
  },
  {
    name: "no way to quay.io and no mirror of it",
    changes: { network: { natGateway: false } },
    lines: [
      "calico.registry: no registry is set; network.natGateway is None, so nodes cannot reach quay.io. Mirror Calico's images to ECR and set its address here, or set network.natGateway: Single.",
    ],
  },
];

const accepted: readonly { name: string; changes: SettingsChange }[] = [
  { name: "the base settings", changes: {} },
  { name: "the smallest VPC", changes: { network: { vpcCidr: "10.40.0.0/24", nodePrefix: 25 } } },
  {
    name: "the largest node subnet that fits",
    changes: { network: { vpcCidr: "10.40.0.0/20", nodePrefix: 21 } },
  },
  {
    name: "as many node subnets as fit",
    changes: { network: { vpcCidr: "10.40.0.0/18", nodeZones: fourZones.slice(0, 3) }, calico: tunnel },
  },
  { name: "the smallest service range", changes: { cluster: { serviceCidr: "172.20.0.0/24" } } },
  { name: "the largest service range", changes: { cluster: { serviceCidr: "172.16.0.0/12" } } },
  { name: "services next to the VPC", changes: { cluster: { serviceCidr: "10.41.0.0/16" } } },
  { name: "pods next to the VPC", changes: { calico: { podCidr: "10.41.0.0/16" } } },
  {
    name: "as many blocks as nodes, and addresses for all their pods",
    changes: {
      calico: { podCidr: "192.168.0.0/23" },
      nodePools: { default: { size: { max: 6 }, maxPods: 63 } },
    },
  },
  {
    name: "one address less for each node without a tunnel",
    changes: {
      calico: { podCidr: "192.168.0.0/23", encapsulation: "None" },
      nodePools: { default: { size: { max: 6 }, maxPods: 64 } },
    },
  },
  {
    name: "20 blocks a node",
    changes: { calico: { blockSize: 30 }, nodePools: { default: { maxPods: 79 } } },
  },
  { name: "blocks of 8 for 110 pods", changes: { calico: { blockSize: 29 } } },
  { name: "a VPC next to the loopback addresses", changes: { network: { vpcCidr: "126.0.0.0/16" } } },
  { name: "clients of every kind at once", changes: { nodePorts: { clients: ["0.0.0.0/0"] } } },
  { name: "clients next to multicast", changes: { nodePorts: { clients: ["223.255.255.0/24"] } } },
  {
    name: "node subnets up to the last address before the small ones",
    changes: {
      network: {
        vpcCidr: "10.40.0.0/24",
        nodePrefix: 28,
        nodeZones: [..."abcdefghijklm"].map((letter) => `eu-west-1${letter}`),
      },
      calico: tunnel,
    },
  },
  {
    name: "exactly as many nodes as the subnet holds",
    changes: { network: { nodePrefix: 28 }, nodePools: { default: { size: { max: 8 } } } },
  },
  { name: "no way out and a mirror", changes: { network: { natGateway: false }, calico: { registry } } },
];

describe("ranges of addresses", () => {
  it.each(refused)("are refused: $name", ({ changes, lines }) => {
    expect(settingsLines(changes)).toEqual(lines);
  });

  it.each(accepted)("are accepted: $name", ({ changes }) => {
    expect(settingsLines(changes)).toEqual([]);
  });

  it("are compared once for each two, at the later one", () => {
    const everywhere = "10.40.0.0/16";
    const lines = settingsLines({ cluster: { serviceCidr: everywhere }, calico: { podCidr: everywhere } });

    expect(lines.map((line) => line.split(";")[0])).toEqual([
      "cluster.serviceCidr: 10.40.0.0/16 overlaps network.vpcCidr (10.40.0.0/16)",
      "calico.podCidr: 10.40.0.0/16 overlaps network.vpcCidr (10.40.0.0/16)",
      "calico.podCidr: 10.40.0.0/16 overlaps cluster.serviceCidr (10.40.0.0/16)",
    ]);
  });
});
