import { type BadStackFile, sound } from "./stackFile.ts";

/** Values of the wrong type or form. */
export const values: readonly BadStackFile[] = [
  {
    title: "an unquoted Kubernetes version",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: 1.35 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.kubernetesVersion: 1.35 is a number; must be a string. Put it in quotes.",
    ],
  },
  {
    title: "quoted numbers and booleans",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { maxPods: "110", size: { min: "two" } } }
  calico-ebpf-eks:network: { natGateway: "false", flowLogs: yes }
`,
    message: [
      "calico-ebpf-eks: 4 problems in Pulumi.dev.yaml",
      '  network.natGateway: "false" is a string; must be PerZone, Single, None, true or false. Remove the quotes.',
      '  network.flowLogs: "yes" is a string; must be true or false. Change it.',
      '  nodePools.default.maxPods: "110" is a string; must be an integer from 4 to 250. Remove the quotes.',
      '  nodePools.default.size.min: "two" is a string; must be an integer from 0 to 1000. Change it.',
    ],
  },
  {
    title: "unquoted labels and tags",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { labels: { gpu: true, rack: 7 } } }
  calico-ebpf-eks:tags: { cost-center: 4711 }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  nodePools.default.labels.gpu: true is a boolean; must be a string. Put it in quotes.",
      "  nodePools.default.labels.rack: 7 is a number; must be a string. Put it in quotes.",
      "  tags.cost-center: 4711 is a number; must be a string. Put it in quotes.",
    ],
  },
  {
    title: "keys with nothing after them",
    yaml: `${sound}  calico-ebpf-eks:network:
  calico-ebpf-eks:calico: { version: , dsrOptOutCidrs: [null] }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  network: not set; must be a mapping. Set it, or remove it.",
      "  calico.version: not set; must be a string. Set it, or remove it.",
      "  calico.dsrOptOutCidrs[0]: not set; must be a string. Set it, or remove it.",
    ],
  },
  {
    title: "lists for mappings and mappings for lists",
    yaml: `${sound}  calico-ebpf-eks:network: [10.40.0.0/16]
  calico-ebpf-eks:nodePools: [{ default: {} }]
  calico-ebpf-eks:tags: [team]
  calico-ebpf-eks:nodePorts: { clients: { vpc: 10.40.0.0/16 } }
`,
    message: [
      "calico-ebpf-eks: 4 problems in Pulumi.dev.yaml",
      '  network: ["10.40.0.0/16"] is a list; must be a mapping. Write its settings by name, such as vpcCidr.',
      '  nodePools: [{"default":{}}] is a list; must be a mapping. Write a name and a value for each.',
      '  nodePorts.clients: {"vpc":"10.40.0.0/16"} is a mapping; must be a list. Change it.',
      '  tags: ["team"] is a list; must be a mapping. Write a name and a value for each.',
    ],
  },
  {
    title: "a single value for a list",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: 198.18.0.7/32, admins: arn:aws:iam::111122223333:role/platform }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      '  cluster.publicAccessCidrs: "198.18.0.7/32" is a string; must be a list. Write it as a list: [198.18.0.7/32].',
      '  cluster.admins: "arn:aws:iam::111122223333:role/platform" is a string; must be a list. Write it as a list: [arn:aws:iam::111122223333:role/platform].',
    ],
  },
  {
    title: "a single value for a mapping",
    yaml: `${sound}  calico-ebpf-eks:calico: 3.32.4
  calico-ebpf-eks:nodePools: { default: m7i.large }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      '  nodePools.default: "m7i.large" is a string; must be a mapping. Write its settings by name, such as family.',
      '  calico: "3.32.4" is a string; must be a mapping. Write its settings by name, such as version.',
    ],
  },
  {
    title: "words in another case, and other words",
    yaml: `${sound}  calico-ebpf-eks:kubeProxy: absent
  calico-ebpf-eks:calico: { dataplane: eBPF, externalService: dsr, encapsulation: vxlan, mtu: Auto }
  calico-ebpf-eks:nodePools: { default: { family: AL2, architecture: amd64, capacity: spot } }
`,
    message: [
      "calico-ebpf-eks: 8 problems in Pulumi.dev.yaml",
      "  nodePools.default.family: AL2; must be AL2023 or Bottlerocket. Write one of them.",
      "  nodePools.default.architecture: amd64; must be x86_64 or arm64. Write one of them.",
      "  nodePools.default.capacity: spot; must be ON_DEMAND or SPOT. Write SPOT.",
      "  calico.dataplane: eBPF; must be BPF or Iptables. Write BPF.",
      "  calico.externalService: dsr; must be DSR or Tunnel. Write DSR.",
      "  calico.encapsulation: vxlan; must be VXLAN, VXLANCrossSubnet, None, IPIP or IPIPCrossSubnet. Write VXLAN.",
      "  calico.mtu: Auto; must be auto or an integer from 576 to 9001. Write one of them.",
      "  kubeProxy: absent; must be Absent, Parked or Running. Write Absent.",
    ],
  },
  {
    title: "numbers out of their bounds",
    yaml: `${sound}  calico-ebpf-eks:network: { nodePrefix: 29 }
  calico-ebpf-eks:calico: { blockSize: 19, mtu: 575, metricsPort: 80 }
  calico-ebpf-eks:nodePools: { default: { maxPods: 251, diskGib: 20.5, size: { min: -1, max: 1001 } } }
`,
    message: [
      "calico-ebpf-eks: 8 problems in Pulumi.dev.yaml",
      "  network.nodePrefix: 29; must be an integer from 16 to 28. Change it.",
      "  nodePools.default.maxPods: 251; must be an integer from 4 to 250. Change it.",
      "  nodePools.default.diskGib: 20.5; must be an integer from 20 to 16384. Change it.",
      "  nodePools.default.size.min: -1; must be an integer from 0 to 1000. Change it.",
      "  nodePools.default.size.max: 1001; must be an integer from 1 to 1000. Change it.",
      "  calico.blockSize: 19; must be an integer from 20 to 32. Change it.",
      "  calico.mtu: 575; must be an integer from 576 to 9001. Change it.",
      "  calico.metricsPort: 80; must be an integer from 1024 to 65535. Change it.",
    ],
  },
  {
    title: "days that CloudWatch does not know",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], logRetentionDays: 45 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.logRetentionDays: 45; must be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653. Write one of them.",
    ],
  },
  {
    title: "lists that are too short or too long",
    yaml: `${sound}  calico-ebpf-eks:network: { nodeZones: [], existing: { vpcId: vpc-0a1b2c3d, controlPlaneSubnetIds: [subnet-0a1b2c3d], nodeSubnetIds: [] } }
  calico-ebpf-eks:nodePools: { default: { instanceTypes: [] }, many: { instanceTypes: [m1i.large, m2i.large, m3i.large, m4i.large, m5i.large, m6i.large, m7i.large, m8i.large, m9i.large, m10i.large, m11i.large, m12i.large, m13i.large, m14i.large, m15i.large, m16i.large, m17i.large, m18i.large, m19i.large, m20i.large, m21i.large] } }
`,
    message: [
      "calico-ebpf-eks: 5 problems in Pulumi.dev.yaml",
      "  network.nodeZones: it is empty; at least 1 is needed. Add to it, or remove it.",
      "  network.existing.controlPlaneSubnetIds: it has 1 entry; at least 2 are needed. Add to it.",
      "  network.existing.nodeSubnetIds: it is empty; at least 1 is needed. Add to it.",
      "  nodePools.default.instanceTypes: it is empty; at least 1 is needed. Add to it, or remove it.",
      "  nodePools.many.instanceTypes: it has 21 entries; at most 20 are allowed. Shorten it.",
    ],
  },
  {
    title: "CIDR blocks of every wrong kind",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [198.18.0.7/24, 198.51.100.7, "2001:db8::/32", 198.18.0.0/33, 198.18.0.256/32, everybody] }
`,
    message: [
      "calico-ebpf-eks: 6 problems in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs[0]: 198.18.0.7/24; a block must begin with its first address. Write 198.18.0.0/24.",
      "  cluster.publicAccessCidrs[1]: 198.51.100.7; a prefix length is missing. Add one, such as /16 for a network or /32 for one address.",
      "  cluster.publicAccessCidrs[2]: 2001:db8::/32; must be an IPv4 CIDR block; IPv6 is not supported. Write it like 198.18.0.7/32.",
      "  cluster.publicAccessCidrs[3]: 198.18.0.0/33; an IPv4 prefix length is at most 32. Write it like 198.18.0.7/32.",
      "  cluster.publicAccessCidrs[4]: 198.18.0.256/32; must be an IPv4 CIDR block. Write it like 198.18.0.7/32.",
      "  cluster.publicAccessCidrs[5]: everybody; must be an IPv4 CIDR block. Write it like 198.18.0.7/32.",
    ],
  },
  {
    title: "ids, ARNs and addresses of the wrong kind",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:network: { nodeZones: [euw1-az1], existing: { vpcId: main, controlPlaneSubnetIds: [subnet-1, subnet-2], nodeSubnetIds: [subnet-0a1b2c3d] } }
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], admins: [platform], secretsKey: alias/eks }
  calico-ebpf-eks:calico: { version: v3.32.4, registry: "https://registry.example.com/", chartRepository: docs.tigera.io/calico/charts }
`,
    message: [
      "calico-ebpf-eks: 9 problems in Pulumi.dev.yaml",
      "  network.nodeZones[0]: euw1-az1; must be the name of an availability zone. Write it like eu-west-1a.",
      "  network.existing.vpcId: main; must be the ID of a VPC. Write it like vpc-0a1b2c3d4e5f67890.",
      "  network.existing.controlPlaneSubnetIds[0]: subnet-1; must be the ID of a subnet. Write it like subnet-0a1b2c3d4e5f67890.",
      "  network.existing.controlPlaneSubnetIds[1]: subnet-2; must be the ID of a subnet. Write it like subnet-0a1b2c3d4e5f67890.",
      "  cluster.admins[0]: platform; must be the ARN of an IAM role or user. Write it like arn:aws:iam::111122223333:role/platform.",
      "  cluster.secretsKey: alias/eks; must be create, aws-owned or the ARN of a KMS key. Write one of them.",
      "  calico.version: v3.32.4; must be a Calico release without v. Write it like 3.32.4.",
      "  calico.registry: https://registry.example.com/; must be a registry host, optionally with a path, without scheme and trailing slash. Write it like 111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay.",
      "  calico.chartRepository: docs.tigera.io/calico/charts; must be an https:// or oci:// address. Write it like https://docs.tigera.io/calico/charts.",
    ],
  },
  {
    title: "names that AWS and Kubernetes refuse",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], name: my.cluster }
  calico-ebpf-eks:nodePools: { GPU_nodes: {}, default: { labels: { "my team": a, team: "a b" }, taints: [{ key: "a/b/c", effect: NoSchedule }] } }
  calico-ebpf-eks:calico: { felix: { LogSeverityScreen: Info } }
  calico-ebpf-eks:tags: { "aws:owner": me, "a;b": c, team: "a;b" }
`,
    message: [
      "calico-ebpf-eks: 8 problems in Pulumi.dev.yaml",
      "  cluster.name: my.cluster; must be 1 to 32 letters, digits, hyphens and underscores, beginning with a letter or digit. Write it like platform.",
      "  nodePools.GPU_nodes: GPU_nodes invalid name; must be 1 to 20 lower-case letters, digits and hyphens, beginning with a letter. Write it like general.",
      "  nodePools.default.labels.team: a b; Kubernetes accepts up to 63 letters, digits and - _ . between letters or digits. Write it like storage.",
      '  nodePools.default.labels["my team"]: my team invalid name; Kubernetes accepts up to 63 letters, digits and - _ . between letters or digits, optionally after a domain and /. Write it like example.com/team.',
      "  nodePools.default.taints[0].key: a/b/c; Kubernetes accepts up to 63 letters, digits and - _ . between letters or digits, optionally after a domain and /. Write it like example.com/team.",
      "  tags.team: a;b; must be up to 256 letters, digits, spaces and + - = . _ : / @. Write it like prod.",
      '  tags["aws:owner"]: aws:owner invalid name; must be 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:. Write it like environment.',
      '  tags["a;b"]: a;b invalid name; must be 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:. Write it like environment.',
    ],
  },
  {
    title: "a text of many lines and a long one",
    yaml: `${sound}  calico-ebpf-eks:kubeProxy: |
    Absent
    Parked
  calico-ebpf-eks:calico: { registry: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/" }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  calico.registry: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...; must be a registry host, optionally with a path, without scheme and trailing slash. Write it like 111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay.",
      '  kubeProxy: "Absent\\nParked\\n"; must be Absent, Parked or Running. Write one of them.',
    ],
  },
  {
    title: "a default name that is too long",
    file: "Pulumi.production-of-ireland.yaml",
    yaml: sound,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.production-of-ireland.yaml",
      "  cluster.name: the default is calico-ebpf-eks-production-of-ireland, from the names of project and stack; must be 1 to 32 letters, digits, hyphens and underscores, beginning with a letter or digit. Set cluster.name.",
    ],
  },
];
