import { type NearMiss, sound } from "./stackFile.ts";

/** Files that pass, each next to one that does not. */
export const nearMisses: readonly NearMiss[] = [
  {
    title: "the smallest stack file",
    yaml: sound,
  },
  {
    title: "a private endpoint",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`,
  },
  {
    title: "settings of Pulumi itself, and a profile",
    yaml: `${sound}  pulumi:tags: { team: platform }
  aws:profile: platform
`,
  },
  {
    title: "keys without a namespace, which Pulumi puts into the project's",
    yaml: `config:
  aws:region: eu-west-1
  cluster: { publicAccessCidrs: [] }
`,
  },
  {
    title: "empty mappings",
    yaml: `${sound}  calico-ebpf-eks:network: {}
  calico-ebpf-eks:nodePools: {}
  calico-ebpf-eks:tags: {}
`,
  },
  {
    title: "numbers at their bounds",
    yaml: `${sound}  calico-ebpf-eks:network: { nodePrefix: 28 }
  calico-ebpf-eks:calico: { mtu: 576, metricsPort: 65535 }
  calico-ebpf-eks:nodePools: { default: { maxPods: 4, diskGib: 16384, size: { min: 0, desired: 1, max: 1 } } }
`,
  },
  {
    title: "a boundary below a path",
    yaml: `${sound}  calico-ebpf-eks:iam: { permissionsBoundary: arn:aws:iam::111122223333:policy/teams/net/boundary }
`,
  },
  {
    title: "no metrics",
    yaml: `${sound}  calico-ebpf-eks:calico: { metricsPort: null }
`,
  },
  {
    title: "a cluster's name of 32 letters",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], name: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn }
`,
  },
  {
    title: "a default name of 32 letters",
    file: "Pulumi.xxxxxxxxxxxxxxxx.yaml",
    yaml: sound,
  },
  {
    title: "versions: the newest pair",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: "1.36" }
  calico-ebpf-eks:calico: { version: 3.33.1 }
`,
  },
  {
    title: "kernel: the same release with a Calico that can use it",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], kubernetesVersion: "1.34" }
  calico-ebpf-eks:nodePools: { default: { release: 1.34.1-20251108 } }
`,
  },
  {
    title: "network: an existing one alone",
    yaml: `${sound}  calico-ebpf-eks:network:
    existing:
      vpcId: vpc-0a1b2c3d4e5f67890
      controlPlaneSubnetIds: [subnet-0000000000000000a, subnet-0000000000000000b]
      nodeSubnetIds: [subnet-0000000000000000c]
`,
  },
  {
    title: "network: ranges side by side",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:network: { vpcCidr: 10.40.0.0/16 }
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], serviceCidr: 10.41.0.0/16 }
  calico-ebpf-eks:calico: { podCidr: 10.42.0.0/16 }
`,
  },
  {
    title: "DSR: one node zone, and an opt-out that holds the VPC whole",
    yaml: `${sound}  calico-ebpf-eks:network: { nodeZones: [eu-west-1b] }
  calico-ebpf-eks:calico: { dsrOptOutCidrs: [10.40.0.0/15] }
`,
  },
  {
    title: "Tunnel: two node zones",
    yaml: `${sound}  calico-ebpf-eks:network: { nodeZones: [eu-west-1a, eu-west-1b] }
  calico-ebpf-eks:calico: { externalService: Tunnel }
`,
  },
  {
    title: "dataplane: no encapsulation, and packets as large as the VPC carries",
    yaml: `${sound}  calico-ebpf-eks:calico: { encapsulation: None, mtu: 9001 }
`,
  },
  {
    title: "kube-proxy: Running with iptables",
    yaml: `${sound}  calico-ebpf-eks:calico: { dataplane: Iptables, externalService: Tunnel }
  calico-ebpf-eks:kubeProxy: Running
`,
  },
  {
    title: "kube-proxy: Running together with eBPF, for a trial",
    yaml: `${sound}  calico-ebpf-eks:kubeProxy: Running
`,
  },
  {
    title: "nodes: both architectures, both families, 250 pods on large nodes",
    yaml: `${sound}  calico-ebpf-eks:nodePools:
    arm: { architecture: arm64, instanceTypes: [m7g.8xlarge], maxPods: 250 }
    bottlerocket: { family: Bottlerocket, release: 1.65.0-0be31b34, capacity: SPOT }
    gpu: { taints: [{ key: gpu, effect: NoSchedule }] }
`,
  },
  {
    title: "access: everybody, by name",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [0.0.0.0/0], allowPublicAnywhere: true }
`,
  },
  {
    title: "felix: fields without an owner",
    yaml: `${sound}  calico-ebpf-eks:calico: { felix: { logSeverityScreen: Info, bpfLogLevel: "Off" } }
`,
  },
  {
    title: "way out: a registry inside instead of a NAT gateway",
    yaml: `${sound}  calico-ebpf-eks:network: { natGateway: false }
  calico-ebpf-eks:calico: { registry: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/quay }
`,
  },
  {
    title: "labels, taints and fields that are nearly refused",
    yaml: `${sound}  calico-ebpf-eks:nodePools:
    default:
      labels: { node.kubernetes.io/role: web, topology.kubernetes.io/zone: a }
      taints: [{ key: team, effect: PreferNoSchedule }, { key: team, effect: NoSchedule }]
    other: {}
  calico-ebpf-eks:calico: { felix: { bpfLogLevel: debug, reportingInterval: 90s } }
`,
  },
  {
    title: "a /8 at the API server, and an admin of another account",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [16.0.0.0/8], admins: [arn:aws:iam::444455556666:role/team] }
`,
  },
];
