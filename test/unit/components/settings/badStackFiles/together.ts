import { type BadStackFile, sound } from "./stackFile.ts";

/** Several problems in one file: all of those that are sure, and no other. */
export const together: readonly BadStackFile[] = [
  {
    title: "a misspelt architecture, and no follow-on about instance types",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { architecture: amr64, instanceTypes: [m7g.large] } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  nodePools.default.architecture: amr64; must be x86_64 or arm64. Write arm64.",
    ],
  },
  {
    title: "the misspelt name architecture, and no follow-on about instance types",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { architectur: arm64, instanceTypes: [m7g.large] } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  nodePools.default.architectur: unknown setting; nodePools.default has family, architecture, instanceTypes, capacity, size, release, maxPods, diskGib, labels, taints, securityGroupIds and userData. Write architecture, or remove it.",
    ],
  },
  {
    title: "a misspelt dataplane, and no follow-on about DSR or kube-proxy",
    yaml: `${sound}  calico-ebpf-eks:calico: { dataplane: iptable }
  calico-ebpf-eks:kubeProxy: Running
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.dataplane: iptable; must be BPF or Iptables. Write Iptables.",
    ],
  },
  {
    title: "a misspelt kubeProxy, and no follow-on about services",
    yaml: `${sound}  calico-ebpf-eks:calico: { dataplane: Iptables, externalService: Tunnel }
  calico-ebpf-eks:kubeProxy: Runing
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  kubeProxy: Runing; must be Absent, Parked or Running. Write Running.",
    ],
  },
  {
    title: "a wrong VPC range, and no follow-on about overlaps",
    yaml: `${sound}  calico-ebpf-eks:network: { vpcCidr: 10.0.0.1/16 }
  calico-ebpf-eks:calico: { podCidr: 10.40.0.0/16 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  network.vpcCidr: 10.0.0.1/16; a block must begin with its first address. Write 10.0.0.0/16.",
    ],
  },
  {
    title: "an unquoted Kubernetes version, and no follow-on about the release",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: 1.34 }
  calico-ebpf-eks:nodePools: { default: { release: 1.34.9-20260714 } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.kubernetesVersion: 1.34 is a number; must be a string. Put it in quotes.",
    ],
  },
  {
    title:
      "a wrong zone together with a good one, and no follow-up about DSR with a zone that is not in the file",
    yaml: `${sound}  calico-ebpf-eks:network: { nodeZones: [eu-west-1a, euw1-az2] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  network.nodeZones[1]: euw1-az2; must be the name of an availability zone. Write it like eu-west-1a.",
    ],
  },
  {
    title: "a pool of the wrong form, before one that breaks a rule",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { a: { disk: 50 }, b: { architecture: arm64, instanceTypes: [m7i.large] } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  nodePools.a.disk: unknown setting; nodePools.a has family, architecture, instanceTypes, capacity, size, release, maxPods, diskGib, labels, taints, securityGroupIds and userData. Correct its name, or remove it.",
    ],
  },
  {
    title: "the form of a mapping, before the rules that it breaks",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [0.0.0.0/0, 198.51.100.7], support: basic, serviceCidr: 10.40.0.0/16 }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs[1]: 198.51.100.7; a prefix length is missing. Add one, such as /16 for a network or /32 for one address.",
      "  cluster.support: basic; must be STANDARD or EXTENDED. Write one of them.",
    ],
  },
  {
    title: "problems in every mapping, in the order of the settings and not of the file",
    yaml: `config:
  calico-ebpf-eks:tags: { "a;b": c }
  calico-ebpf-eks:nodePorts: { clients: [10.40.0.1/16] }
  calico-ebpf-eks:kubeProxy: Parked
  calico-ebpf-eks:calico: { felix: { healthPort: 1 }, dataplane: Iptables, externalService: Tunnel, blocksize: 24 }
  calico-ebpf-eks:nodePools: { spot: { capacity: SPOT, size: { desired: 9 } }, on-demand: { release: new } }
  calico-ebpf-eks:cluster: { kubernetesVersion: "1.32", publicAccessCidrs: [10.0.0.0/8], colour: blue }
  calico-ebpf-eks:network: { nodePrefix: "20", nodeZones: [us-east-1a] }
  aws:region: eu-west-1
  aws:endpoints: []
`,
    message: [
      "calico-ebpf-eks: 6 problems in Pulumi.dev.yaml",
      "  aws:endpoints: this program does not read it; of the aws settings it reads aws:region and aws:profile. Remove it: credentials come from the environment or aws:profile, tags from the setting tags.",
      '  network.nodePrefix: "20" is a string; must be an integer from 16 to 28. Remove the quotes.',
      "  cluster.colour: unknown setting; cluster has name, kubernetesVersion, publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds, allowPublicAnywhere, admins, serviceCidr, logTypes, logRetentionDays, secretsKey, support, oidcProvider and deletionProtection. Correct its name, or remove it.",
      "  calico.blocksize: unknown setting; calico has version, cni, dataplane, externalService, dsrOptOutCidrs, podCidr, blockSize, encapsulation, mtu, apiServer, metricsPort, registry, chartRepository and felix. Write blockSize, or remove it.",
      "  nodePorts.clients[0]: 10.40.0.1/16; a block must begin with its first address. Write 10.40.0.0/16.",
      '  tags["a;b"]: a;b invalid name; must be 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws:. Write it like environment.',
    ],
  },
];
