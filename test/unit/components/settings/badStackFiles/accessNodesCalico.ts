import { type BadStackFile, sound } from "./stackFile.ts";

/** Rules on access, node pools, DSR, the dataplane, Felix, kube-proxy and network policies. */
export const accessNodesCalico: readonly BadStackFile[] = [
  {
    title: "everybody at the API server",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [0.0.0.0/0] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs[0]: 0.0.0.0/0 opens the API server to the internet; this must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    title: "private addresses at the public endpoint, and an admin twice",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster:
    publicAccessCidrs: [10.0.0.0/8]
    admins: [arn:aws:iam::111122223333:role/platform, arn:aws:iam::111122223333:role/platform]
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs[0]: 10.0.0.0/8 contains private addresses; the public endpoint sees public addresses only, and EKS refuses private ones. Write your network's public address, or remove it: the VPC uses the private endpoint.",
      "  cluster.admins[1]: arn:aws:iam::111122223333:role/platform is listed twice; EKS accepts one access entry for each. Remove one.",
    ],
  },
  {
    title: "a role in place of the policy that bounds roles",
    yaml: `${sound}  calico-ebpf-eks:iam: { permissionsBoundary: arn:aws:iam::111122223333:role/boundary }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  iam.permissionsBoundary: arn:aws:iam::111122223333:role/boundary; must be the ARN of an IAM policy. Write it like arn:aws:iam::111122223333:policy/platform-boundary.",
    ],
  },
  {
    title: "instance types of the other architecture, and unknown ones",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { architecture: arm64, instanceTypes: [m7i.large, m7g.large, q1.large] } }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  nodePools.default.instanceTypes[0]: m7i.large is x86_64; the pool's architecture is arm64. Use m7g.large.",
      "  nodePools.default.instanceTypes[2]: the family of q1.large is unknown; its architecture decides which AMI can start on it. Use a type of a known family, such as m7g.large, or add it to components/facts/instanceTypes.ts.",
    ],
  },
  {
    title: "pool sizes in the wrong order",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { a: { size: { min: 5 } }, b: { size: { desired: 9 } } }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  nodePools.a.size.max: max is 4; min is 5. Set max: 5 or more.",
      "  nodePools.b.size.desired: desired is 9; min is 2 and max is 4. Set desired: 4, or max: 9.",
    ],
  },
  {
    title: "more pods than EKS lets a small node have",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { maxPods: 250 } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  nodePools.default.maxPods: 250 pods are too many on m7i.large, which has fewer than 30 vCPUs; EKS sets 110 below 30 vCPUs and 250 from 30 on. Set maxPods: 110, or use larger instance types.",
    ],
  },
  {
    title: "releases of the other family, of another Kubernetes, and none",
    yaml: `${sound}  calico-ebpf-eks:nodePools:
    a: { release: 1.65.0-0be31b34 }
    b: { release: 1.34.9-20260714 }
    c: { release: v20260714 }
    d: { family: Bottlerocket, release: 1.40.0-0be31b34 }
`,
    message: [
      "calico-ebpf-eks: 4 problems in Pulumi.dev.yaml",
      "  nodePools.a.release: 1.65.0-0be31b34 is an AMI release of Bottlerocket; the pool's family is AL2023, whose releases look like 1.35.6-20260714. Pin such a release, or set family: Bottlerocket.",
      '  nodePools.b.release: 1.34.9-20260714 is for Kubernetes 1.34; cluster.kubernetesVersion is "1.35". Pin a release that begins with 1.35, or write latest.',
      "  nodePools.c.release: v20260714 is not an AMI release of AL2023; the pool's family is AL2023, whose releases look like 1.35.6-20260714. Pin such a release, or write latest.",
      "  nodePools.d.release: 1.40.0-0be31b34 does not exist for Kubernetes 1.35; Bottlerocket supports it from 1.53.0 on. Pin a newer release, or write latest.",
    ],
  },
  {
    title: "no pool that can run CoreDNS",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { gpu: { taints: [{ key: gpu, effect: NoSchedule }] } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  nodePools: no node of gpu can run CoreDNS; at least one pool must have nodes without NoSchedule and NoExecute taints. Give one pool desired: 1 or more and no such taint.",
    ],
  },
  {
    title: "DSR over two node subnets",
    yaml: `${sound}  calico-ebpf-eks:network: { nodeZones: [eu-west-1a, eu-west-1b] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.externalService: DSR needs one node subnet; network.nodeZones has 2 (eu-west-1a, eu-west-1b). Keep one zone, or set externalService: Tunnel.",
    ],
  },
  {
    title: "DSR over two existing subnets",
    yaml: `${sound}  calico-ebpf-eks:network:
    existing:
      vpcId: vpc-0a1b2c3d4e5f67890
      controlPlaneSubnetIds: [subnet-0000000000000000a, subnet-0000000000000000b]
      nodeSubnetIds: [subnet-0000000000000000c, subnet-0000000000000000d]
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.externalService: DSR needs one node subnet; network.existing.nodeSubnetIds has 2 (subnet-0000000000000000c, subnet-0000000000000000d). Keep one subnet, or set externalService: Tunnel.",
    ],
  },
  {
    title: "DSR without eBPF",
    yaml: `${sound}  calico-ebpf-eks:calico: { dataplane: Iptables }
  calico-ebpf-eks:kubeProxy: Running
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.externalService: DSR, the default, needs the BPF dataplane; calico.dataplane is Iptables. Set externalService: Tunnel, or dataplane: BPF.",
    ],
  },
  {
    title: "clients inside the VPC that opt out of DSR",
    yaml: `${sound}  calico-ebpf-eks:calico: { dsrOptOutCidrs: [10.40.8.0/24] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.dsrOptOutCidrs[0]: 10.40.8.0/24 is part of network.vpcCidr (10.40.0.0/16); a range that opts out of DSR must lie outside the cluster's ranges or contain them completely. Write 10.40.0.0/16, or a range outside it.",
    ],
  },
  {
    title: "IPIP",
    yaml: `${sound}  calico-ebpf-eks:calico: { encapsulation: IPIP }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.encapsulation: Calico does not recommend IPIP under eBPF, where it performs poorly; the nodes' security group does not allow it either. Set encapsulation: VXLAN.",
    ],
  },
  {
    title: "IPIP across subnets",
    yaml: `${sound}  calico-ebpf-eks:calico: { encapsulation: IPIPCrossSubnet }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.encapsulation: Calico does not recommend IPIPCrossSubnet under eBPF, where it performs poorly; the nodes' security group does not allow it either. Set encapsulation: VXLANCrossSubnet.",
    ],
  },
  {
    title: "packets that are too large once wrapped",
    yaml: `${sound}  calico-ebpf-eks:calico: { mtu: 9001 }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  calico.mtu: 9001 bytes plus the 50 of VXLAN do not fit into a packet; a VPC carries 9001 bytes. Set mtu: 8951 or less, or auto.",
    ],
  },
  {
    title: "Felix fields that belong to others",
    yaml: `${sound}  calico-ebpf-eks:calico: { felix: { bpfEnabled: true, awsSrcDstCheck: DoNothing, wireguardEnabled: true, logSeverityScreen: Info } }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  calico.felix.bpfEnabled: the operator owns the field; it stops the operator, silently, when another client has set it. Set calico.dataplane: BPF or Iptables.",
      "  calico.felix.awsSrcDstCheck: this program owns the field; it is Disable on every node: DSR and unencapsulated pods need that, and the nodes' role allows nothing else. Remove it.",
      "  calico.felix.wireguardEnabled: this program owns the field; it needs UDP 51820 and 51821 between the nodes, which their security group does not allow. Remove it.",
    ],
  },
  {
    title: "iptables without kube-proxy",
    yaml: `${sound}  calico-ebpf-eks:calico: { dataplane: Iptables, externalService: Tunnel }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  kubeProxy: Absent leaves the cluster without a service handler; calico.dataplane is Iptables, which needs kube-proxy on every node. Set kubeProxy: Running, or calico.dataplane: BPF.",
    ],
  },
  {
    title: "iptables with a parked kube-proxy",
    yaml: `${sound}  calico-ebpf-eks:calico: { dataplane: Iptables, externalService: Tunnel }
  calico-ebpf-eks:kubeProxy: Parked
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  kubeProxy: Parked leaves the cluster without a service handler; calico.dataplane is Iptables, which needs kube-proxy on every node. Set kubeProxy: Running, or calico.dataplane: BPF.",
    ],
  },
  {
    title: "default deny for the cluster itself",
    yaml: `${sound}  calico-ebpf-eks:networkPolicies: { defaultDeny: [calico-system, shop] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  networkPolicies.defaultDeny[0]: calico-system is a system namespace, with calico-node, Typha and Calico's controllers; default deny would cut them off and break the cluster. Remove it, and list namespaces of your workloads.",
    ],
  },
  {
    title: "default deny for a namespace whose name Kubernetes refuses",
    yaml: `${sound}  calico-ebpf-eks:networkPolicies: { defaultDeny: [shop, Shop] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  networkPolicies.defaultDeny[1]: Shop; must be a namespace's name: up to 63 lower-case letters, digits and -. Write it like shop.",
    ],
  },
];
