import { type BadStackFile, sound } from "./stackFile.ts";

const manyTags = Array.from({ length: 50 }, (_, index) => `tag-${index}: x`).join(", ");
const manyCidrs = Array.from({ length: 41 }, (_, index) => `8.8.${index}.0/24`).join(", ");

/** What AWS, Kubernetes or Calico would refuse after minutes. */
export const awsAndCalico: readonly BadStackFile[] = [
  {
    title: "labels and taints that EKS or the kubelet refuses",
    yaml: `${sound}  calico-ebpf-eks:nodePools:
    default:
      labels: { node-role.kubernetes.io/web: "true", team: "" }
      taints:
        - { key: team, value: a, effect: PreferNoSchedule }
        - { key: team, value: b, effect: PreferNoSchedule }
        - { key: kubernetes.io/team, effect: PreferNoSchedule }
`,
    message: [
      "calico-ebpf-eks: 4 problems in Pulumi.dev.yaml",
      '  nodePools.default.labels.team: the value is empty; Kubernetes allows that in a label, but the EKS API does not. Write a value, such as "true".',
      '  nodePools.default.labels["node-role.kubernetes.io/web"]: kubernetes.io is a reserved domain; the kubelet does not start with labels there except kubelet.kubernetes.io/ and node.kubernetes.io/ and its own. Use your own domain, such as example.com/web.',
      "  nodePools.default.taints[1]: team with PreferNoSchedule is already in taints[0]; a node's taints must differ in key or effect. Remove one.",
      "  nodePools.default.taints[2].key: kubernetes.io is a reserved domain; EKS accepts no taints in kubernetes.io, k8s.io and eks.amazonaws.com. Use your own domain, such as example.com/team.",
    ],
  },
  {
    title: "fields of FelixConfiguration that do not exist, or have another value",
    yaml: `${sound}  calico-ebpf-eks:calico: { felix: { bpfLogLevel: Verbose, bpfLogLvel: Info, bpf_enabled: true } }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  calico.felix.bpfLogLevel: Verbose; must be Off, Info or Debug. Write one of them.",
      "  calico.felix.bpfLogLvel: unknown field; FelixConfiguration has 181, listed in components/facts/felixSchema.json. Write bpfLogLevel, or remove it.",
      "  calico.felix.bpf_enabled: the operator owns bpfEnabled, which this resembles; it stops the operator, silently, when another client has set it. Set calico.dataplane: BPF or Iptables.",
    ],
  },
  {
    title: "everybody at the API server, in two halves",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [0.0.0.0/1, 128.0.0.0/1] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs[0]: 0.0.0.0/1 and 128.0.0.0/1 together open the API server to the internet; this must be allowed explicitly. List only the ranges that need access, or set cluster.allowPublicAnywhere: true.",
    ],
  },
  {
    title: "a region of Europe's sovereign cloud",
    yaml: `config:
  aws:region: eusc-de-east-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  aws:region: eusc-de-east-1 is in the partition aws-eusc; its service names end in amazonaws.eu, which this program does not support. Choose a region in aws or aws-us-gov.",
    ],
  },
  {
    title: "a key of another region, and an admin of another partition",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster:
    publicAccessCidrs: []
    admins: [arn:aws-cn:iam::111122223333:role/platform]
    secretsKey: arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-4e5f-6789-0a1b-2c3d4e5f6789
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  cluster.admins[0]: the principal is in the partition aws-cn; eu-west-1 is in aws. Name a principal whose ARN begins with arn:aws:.",
      "  cluster.secretsKey: the key is in us-east-1; the cluster is in eu-west-1, and EKS uses keys in the cluster's region only. Name a key in eu-west-1, or write create.",
    ],
  },
  {
    title: "pod addresses that no host can have, and too small blocks",
    yaml: `${sound}  calico-ebpf-eks:calico: { podCidr: 127.0.0.0/16, blockSize: 31 }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  calico.podCidr: 127.0.0.0/16 holds loopback addresses (127.0.0.0/8); no node or pod can use them. Choose a private range, such as one in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16.",
      "  calico.blockSize: 110 pods on a node of pool default take 56 blocks of /31; Calico gives a node at most 20. Set blockSize: 29 or maxPods: 39 in every pool.",
    ],
  },
  {
    title: "more ranges and tags than AWS allows, and two keys that IAM takes for one",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [${manyCidrs}] }
  calico-ebpf-eks:tags: { ${manyTags}, Tag-7: y }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs: there are 41 ranges; EKS allows 40, a quota that cannot be raised. Merge adjacent ranges, or use the private endpoint.",
      "  tags: there are 51 tags; AWS allows 50 on a resource, and this program adds Name. Remove 2.",
      "  tags.Tag-7: it differs from tag-7 only in case; IAM treats both as one key, and roles have every tag. Remove one.",
    ],
  },
  {
    title: "key pairs, by the names that other tools have for them",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { keyName: ops, sshKey: ops } }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      ...["keyName", "sshKey"].map(
        (name) =>
          `  nodePools.default.${name}: nodes get no key pair; a key that opens every node cannot be taken back from a person, and SSH needs an open port. Remove it, and open a session with aws ssm start-session, which IAM allows and CloudTrail records.`,
      ),
    ],
  },
  {
    title: "user data that the program, EKS or Calico set",
    yaml: `${sound}  calico-ebpf-eks:nodePools:
    default: { userData: { kubelet: { config: { maxPods: 58 }, flags: [--cluster-dns=10.0.0.10] } } }
    rocket: { family: Bottlerocket, userData: { kernel: { lockdown: confidentiality } } }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  nodePools.default.userData.kubelet.config.maxPods: it cannot be set here; it is nodePools.<name>.maxPods. Remove it.",
      "  nodePools.default.userData.kubelet.flags[0]: it cannot be set here; it follows from cluster.serviceCidr, and CoreDNS answers there. Remove it.",
      "  nodePools.rocket.userData.kernel.lockdown: the mode is confidentiality; the kernel then refuses the eBPF programs of Calico. Write integrity, or remove it.",
    ],
  },
  {
    title: "instance types on which no AMI starts",
    yaml: `${sound}  calico-ebpf-eks:nodePools: { default: { family: Bottlerocket, architecture: arm64, instanceTypes: [a1.xlarge, p6e-gb200.36xlarge] } }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  nodePools.default.instanceTypes[0]: a1.xlarge cannot be a node: it has the first Graviton processor, on which AL2023 and Bottlerocket do not start; nodes run AL2023 or Bottlerocket on x86_64 or on Graviton2 and later. Use another type, such as m7g.large.",
      "  nodePools.default.instanceTypes[1]: p6e-gb200.36xlarge has an accelerator; EKS has no AMI of Bottlerocket with its driver. Use a type without one, such as m7g.large, or family: AL2023.",
    ],
  },
  {
    title: "a metrics port among NodePorts, and one that is taken",
    yaml: `${sound}  calico-ebpf-eks:calico: { metricsPort: 31000 }
  calico-ebpf-eks:observability: { typhaMetricsPort: 10249 }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  calico.metricsPort: port 31000 is in the NodePort range; Kubernetes gives them 30000 to 32767, and may give one this port. Set another port, or null.",
      "  observability.typhaMetricsPort: port 10249 is taken by kube-proxy's metrics; they share the node's network. Set another port, or null.",
    ],
  },
  {
    title: "a key that resembles another one by two letters of six",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], addons: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.addons: unknown setting; cluster has name, kubernetesVersion, publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds, allowPublicAnywhere, admins, serviceCidr, logTypes, logRetentionDays, secretsKey, support, oidcProvider and deletionProtection. Correct its name, or remove it.",
    ],
  },
];
