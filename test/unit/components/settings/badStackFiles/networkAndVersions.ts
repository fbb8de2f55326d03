import { type BadStackFile, sound } from "./stackFile.ts";

/** Rules on the network, the versions and the kernels. */
export const networkAndVersions: readonly BadStackFile[] = [
  {
    title: "zones of another region, and one zone twice",
    yaml: `${sound}  calico-ebpf-eks:network: { nodeZones: [us-east-1a, eu-west-1a, eu-west-1a] }
  calico-ebpf-eks:calico: { externalService: Tunnel }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  network.nodeZones[0]: us-east-1a is not in eu-west-1; the cluster is in the region that aws:region sets. Write a zone in eu-west-1, such as eu-west-1a.",
      "  network.nodeZones[2]: eu-west-1a is listed twice; each zone counts once. Remove one.",
    ],
  },
  {
    title: "a VPC that AWS does not make",
    yaml: `${sound}  calico-ebpf-eks:network: { vpcCidr: 10.0.0.0/8 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  network.vpcCidr: 10.0.0.0/8 is a /8; AWS does not allow a VPC larger than /16, and the subnets need a /24 or larger. Choose a prefix from /16 to /24, such as 10.40.0.0/16.",
    ],
  },
  {
    title: "node subnets that do not fit into the VPC",
    yaml: `${sound}  calico-ebpf-eks:network: { vpcCidr: 10.40.0.0/22 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  network.nodePrefix: 1 node subnet of /20 and 3 subnets of /28 do not fit into 10.40.0.0/22; 976 addresses are left for nodes, but 4096 are needed. Set nodePrefix: 23, or set vpcCidr: 10.40.0.0/19.",
    ],
  },
  {
    title: "a node subnet that is too small for its nodes",
    yaml: `${sound}  calico-ebpf-eks:network: { nodePrefix: 28 }
  calico-ebpf-eks:nodePools: { default: { size: { max: 12 } } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  network.nodePrefix: 1 node subnet (/28) can hold 11 nodes; the pools may have 16 during updates: max, plus one in 3. Set nodePrefix: 27, or lower the pools' max.",
    ],
  },
  {
    title: "services that EKS does not accept",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], serviceCidr: 100.64.0.0/16 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.serviceCidr: EKS does not accept 100.64.0.0/16; it accepts prefixes from /12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16. Choose such a range, such as 172.20.0.0/16.",
    ],
  },
  {
    title: "VPC, services and pods in one range",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:network: { vpcCidr: 10.0.0.0/16 }
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], serviceCidr: 10.0.0.0/12 }
  calico-ebpf-eks:calico: { podCidr: 10.0.64.0/18 }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  cluster.serviceCidr: 10.0.0.0/12 overlaps network.vpcCidr (10.0.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 172.20.0.0/16.",
      "  calico.podCidr: 10.0.64.0/18 overlaps network.vpcCidr (10.0.0.0/16); VPC, services and pods need separate ranges. Choose another range, such as 192.168.0.0/16.",
      "  calico.podCidr: 10.0.64.0/18 overlaps cluster.serviceCidr (10.0.0.0/12); VPC, services and pods need separate ranges. Choose another range, such as 192.168.0.0/16.",
    ],
  },
  {
    title: "too few pod addresses for the nodes",
    yaml: `${sound}  calico-ebpf-eks:calico: { podCidr: 192.168.0.0/24 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.podCidr: 192.168.0.0/24 has 4 blocks of /26; every node takes one, and the pools may have 6 nodes during updates. Choose podCidr: 192.168.0.0/22 or a smaller max for the pools.",
    ],
  },
  {
    title: "zones together with an existing network",
    yaml: `${sound}  calico-ebpf-eks:network:
    nodeZones: [eu-west-1a]
    existing:
      vpcId: vpc-0a1b2c3d4e5f67890
      controlPlaneSubnetIds: [subnet-0000000000000000a, subnet-0000000000000000a]
      nodeSubnetIds: [subnet-0000000000000000c]
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  network.nodeZones: no effect; network.existing names the subnets, and each has its zone. Remove nodeZones.",
      "  network.existing.controlPlaneSubnetIds[1]: subnet-0000000000000000a is listed twice; each subnet counts once. Remove one.",
    ],
  },
  {
    title: "settings of a new network together with an existing one",
    yaml: `${sound}  calico-ebpf-eks:network:
    natGateway: false
    flowLogs: true
    existing:
      vpcId: vpc-0a1b2c3d4e5f67890
      controlPlaneSubnetIds: [subnet-0000000000000000a, subnet-0000000000000000b]
      nodeSubnetIds: [subnet-0000000000000000c]
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  network.natGateway: no effect; network.existing names an existing network, adopted. Remove one of the two.",
      "  network.flowLogs: no effect; network.existing names an existing network, adopted. Remove one of the two.",
    ],
  },
  {
    title: "no way out for images",
    yaml: `${sound}  calico-ebpf-eks:network: { natGateway: false }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.registry: no registry is set; network.natGateway is None, so nodes cannot reach quay.io. Mirror Calico's images to ECR and set its address here, or set network.natGateway: Single.",
    ],
  },
  {
    title: "a Kubernetes version past its support",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: "1.33" }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      '  cluster.kubernetesVersion: standard support of Kubernetes 1.33 ended on 2026-07-29; Calico is tested with 1.34, 1.35 and 1.36. Set kubernetesVersion: "1.34", "1.35" or "1.36".',
    ],
  },
  {
    title: "a Kubernetes version that does not exist yet",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: "1.99" }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      '  cluster.kubernetesVersion: Kubernetes 1.99 is not a known release; Calico is tested with 1.34, 1.35 and 1.36. Set kubernetesVersion: "1.34", "1.35" or "1.36".',
    ],
  },
  {
    title: "an unknown Calico release",
    yaml: `${sound}  calico-ebpf-eks:calico: { version: 3.31.2 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.version: Calico 3.31.2 is not a known release; the known releases are 3.32.0, 3.32.1, 3.32.2, 3.32.4, 3.33.0 and 3.33.1. Choose one of them, or add its row to components/facts/versions.ts.",
    ],
  },
  {
    title: "a Calico release that is known to be bad",
    yaml: `${sound}  calico-ebpf-eks:calico: { version: 3.33.0 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.version: Calico 3.33.0 is known to be bad: its operator v1.44.0 overwrites or removes settings of FelixConfiguration (tigera/operator#5367); 3.33.1 is the first release without it. Set version: 3.33.1.",
    ],
  },
  {
    title: "a Calico release and a Kubernetes version that were never tested together",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: "1.34" }
  calico-ebpf-eks:calico: { version: 3.33.1 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      '  calico.version: Calico 3.33.1 is tested with Kubernetes 1.35 and 1.36; cluster.kubernetesVersion is "1.34". Bump both together: kubernetesVersion: "1.35" or "1.36", or version: 3.32.4.',
    ],
  },
  {
    title: "a pinned release whose kernel an old Calico cannot use",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: "1.34" }
  calico-ebpf-eks:nodePools: { default: { release: 1.34.1-20251108 } }
  calico-ebpf-eks:calico: { version: 3.31.2 }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  nodePools.default.release: 1.34.1-20251108 has kernel 6.12.53, on which the connect-time load balancer's program calico_sendmsg_v46 does not load (projectcalico/calico#11379); calico.version is 3.31.2, and the fix came with 3.30.5, 3.31.3 and 3.32.0. Choose a Calico release with the fix, and upgrade Calico together with the AMI release.",
      "  calico.version: Calico 3.31.2 is not a known release; the known releases are 3.32.0, 3.32.1, 3.32.2, 3.32.4, 3.33.0 and 3.33.1. Choose one of them, or add its row to components/facts/versions.ts.",
    ],
  },
];
