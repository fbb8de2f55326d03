import { type BadStackFile, sound } from "./stackFile.ts";

/** Settings that are missing, unknown or misspelt. */
export const names: readonly BadStackFile[] = [
  {
    title: "an empty mapping for all settings",
    yaml: `config: {}
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  aws:region: not set; must be the name of an AWS region. Write it like eu-west-1.",
      "  cluster.publicAccessCidrs: not set; must be a list. Set it: Ranges that may reach the public endpoint, including the machine that runs Pulumi; [] for a private endpoint only.",
    ],
  },
  {
    title: "namespaces that nothing reads, empty ones among them",
    yaml: `${sound}  other-program:kubeProxy: absent
  kubernetes:context:
  eks:endpoint: {}
  calico-ebpf-eks:kubernetes: {}
`,
    message: [
      "calico-ebpf-eks: 4 problems in Pulumi.dev.yaml",
      "  other-program:kubeProxy: the namespace is other-program; this program reads its settings from calico-ebpf-eks. Write calico-ebpf-eks:kubeProxy.",
      "  kubernetes:context: the namespace is kubernetes; this program reads its settings from calico-ebpf-eks. Remove it.",
      "  eks:endpoint: the namespace is eks; this program reads its settings from calico-ebpf-eks. Remove it.",
      "  kubernetes: unknown setting; the settings are account, network, cluster, nodePools, autoscaling, calico, kubeProxy, nodePorts, nodeFirewall, iam, networkPolicies, observability, loadBalancers, storage, metrics, charts, addons, podIdentities and tags. Correct its name, or remove it.",
    ],
  },
  {
    title: "a region and nothing else",
    yaml: `config:
  aws:region: eu-west-1
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs: not set; must be a list. Set it: Ranges that may reach the public endpoint, including the machine that runs Pulumi; [] for a private endpoint only.",
    ],
  },
  {
    title: "a cluster without publicAccessCidrs",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster:
    kubernetesVersion: "1.36"
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.publicAccessCidrs: not set; must be a list. Set it: Ranges that may reach the public endpoint, including the machine that runs Pulumi; [] for a private endpoint only.",
    ],
  },
  {
    title: "a misspelt publicAccessCidrs, which is not missing as well",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:cluster: { publicAcessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster.publicAcessCidrs: unknown setting; cluster has name, kubernetesVersion, publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds, allowPublicAnywhere, admins, serviceCidr, logTypes, logRetentionDays, secretsKey, support, oidcProvider and deletionProtection. Write publicAccessCidrs, or remove it.",
    ],
  },
  {
    title: "no region",
    yaml: `config:
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  aws:region: not set; must be the name of an AWS region. Write it like eu-west-1.",
    ],
  },
  {
    title: "a region that is none",
    yaml: `config:
  aws:region: Ireland
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  aws:region: Ireland; must be the name of an AWS region. Write it like eu-west-1.",
    ],
  },
  {
    title: "a region in China",
    yaml: `config:
  aws:region: cn-north-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  aws:region: cn-north-1 is in the partition aws-cn; its service names end in amazonaws.com.cn, which this program does not support. Choose a region in aws or aws-us-gov.",
    ],
  },
  {
    title: "a zone for a region",
    yaml: `config:
  aws:region: eu-west-1a
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
  calico-ebpf-eks:network: { nodeZones: [eu-west-1a] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  aws:region: eu-west-1a; must be the name of an AWS region. Write it like eu-west-1.",
    ],
  },
  {
    title: "a misspelt region",
    yaml: `config:
  aws:regoin: eu-west-1
  calico-ebpf-eks:cluster: { publicAccessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  aws:regoin: this program does not read it; of the aws settings it reads aws:region and aws:profile. Write aws:region, or remove it.",
    ],
  },
  {
    title: "other settings of the aws provider",
    yaml: `${sound}  aws:profile:
  aws:accessKey: AKIAIOSFODNN7EXAMPLE
  aws:defaultTags: { tags: { team: platform } }
`,
    message: [
      "calico-ebpf-eks: 3 problems in Pulumi.dev.yaml",
      "  aws:profile: not set; must be the name of a profile. Set it, or remove it.",
      "  aws:accessKey: this program does not read it; of the aws settings it reads aws:region and aws:profile. Remove it: credentials come from the environment or aws:profile, tags from the setting tags.",
      "  aws:defaultTags: this program does not read it; of the aws settings it reads aws:region and aws:profile. Remove it: credentials come from the environment or aws:profile, tags from the setting tags.",
    ],
  },
  {
    title: "an assumed role where the aws provider has it",
    yaml: `${sound}  aws:assumeRoles: [{ roleArn: arn:aws:iam::111122223333:role/deployer }]
  aws:allowedAccountIds: ["111122223333"]
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  aws:assumeRoles: this program does not read it; of the aws settings it reads aws:region and aws:profile. Set account.roleArn instead.",
      "  aws:allowedAccountIds: this program does not read it; of the aws settings it reads aws:region and aws:profile. Set account.id instead.",
    ],
  },
  {
    title: "a misspelt namespace",
    yaml: `${sound}  calico-ebpf-esk:kubeProxy: Parked
  calico-ebpf:tags: { team: platform }
`,
    message: [
      "calico-ebpf-eks: 2 problems in Pulumi.dev.yaml",
      "  calico-ebpf-esk:kubeProxy: the namespace is calico-ebpf-esk; this program reads its settings from calico-ebpf-eks. Write calico-ebpf-eks:kubeProxy.",
      "  calico-ebpf:tags: the namespace is calico-ebpf; this program reads its settings from calico-ebpf-eks. Write calico-ebpf-eks:tags.",
    ],
  },
  {
    title: "a key with and without its namespace",
    yaml: `${sound}  cluster: { publicAccessCidrs: [] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  cluster: it is listed twice; calico-ebpf-eks:cluster is the same setting. Remove one.",
    ],
  },
  {
    title: "a misspelt key",
    yaml: `${sound}  calico-ebpf-eks:nodePool: { default: { diskGib: 50 } }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  nodePool: unknown setting; the settings are account, network, cluster, nodePools, autoscaling, calico, kubeProxy, nodePorts, nodeFirewall, iam, networkPolicies, observability, loadBalancers, storage, metrics, charts, addons, podIdentities and tags. Write nodePools, or remove it.",
    ],
  },
  {
    title: "the name that a setting had in an older release",
    yaml: `${sound}  calico-ebpf-eks:policies: { defaultDeny: [shop] }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  policies: the setting was renamed; its name is networkPolicies. Write networkPolicies.",
    ],
  },
  {
    title: "a key that nothing resembles",
    yaml: `${sound}  calico-ebpf-eks:ingress: { class: nginx }
`,
    message: [
      "calico-ebpf-eks: 1 problem in Pulumi.dev.yaml",
      "  ingress: unknown setting; the settings are account, network, cluster, nodePools, autoscaling, calico, kubeProxy, nodePorts, nodeFirewall, iam, networkPolicies, observability, loadBalancers, storage, metrics, charts, addons, podIdentities and tags. Correct its name, or remove it.",
    ],
  },
  {
    title: "misspelt names in every mapping",
    yaml: `config:
  aws:region: eu-west-1
  calico-ebpf-eks:network: { natGatway: false, existing: { vpcID: vpc-0a1b2c3d } }
  calico-ebpf-eks:cluster: { publicAccessCidrs: [], logRetentionDay: 30 }
  calico-ebpf-eks:nodePools: { default: { size: { minimum: 1 }, taints: [{ key: a, effect: NoExecute, operator: Exists }] } }
  calico-ebpf-eks:calico: { ipPool: 10.0.0.0/8 }
  calico-ebpf-eks:nodePorts: { client: [10.0.0.0/8] }
`,
    message: [
      "calico-ebpf-eks: 9 problems in Pulumi.dev.yaml",
      "  network.natGatway: unknown setting; network has vpcCidr, nodeZones, nodePrefix, natGateway, flowLogs and existing. Write natGateway, or remove it.",
      "  network.existing.vpcID: unknown setting; network.existing has vpcId, controlPlaneSubnetIds and nodeSubnetIds. Write vpcId, or remove it.",
      "  network.existing.controlPlaneSubnetIds: not set; must be a list. Set it: Subnets for the control plane's network interfaces, in at least two zones.",
      "  network.existing.nodeSubnetIds: not set; must be a list. Set it: Subnets for nodes. DSR needs exactly one.",
      "  cluster.logRetentionDay: unknown setting; cluster has name, kubernetesVersion, publicAccessCidrs, privateAccessCidrs, privateAccessSecurityGroupIds, allowPublicAnywhere, admins, serviceCidr, logTypes, logRetentionDays, secretsKey, support, oidcProvider and deletionProtection. Write logRetentionDays, or remove it.",
      "  nodePools.default.size.minimum: unknown setting; nodePools.default.size has min, desired and max. Correct its name, or remove it.",
      "  nodePools.default.taints[0].operator: unknown setting; nodePools.default.taints[0] has key, value and effect. Correct its name, or remove it.",
      "  calico.ipPool: unknown setting; calico has version, cni, dataplane, externalService, dsrOptOutCidrs, podCidr, blockSize, encapsulation, mtu, apiServer, metricsPort, registry, chartRepository and felix. Correct its name, or remove it.",
      "  nodePorts.client: unknown setting; nodePorts has clients. Write clients, or remove it.",
    ],
  },
];
