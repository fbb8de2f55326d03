import { describe, expect, it } from "vitest";
import { findings } from "../../../../../infra/policies/policies.ts";
import type { PolicyResource } from "../../../../../infra/policies/policy.ts";
import { unknown } from "../../../../../infra/policies/values.ts";
import { resource } from "../../../../support/policies.ts";

const addon = "aws:eks/addon:Addon";
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";
const tags = {};
const named = (name: string) => ({ name, deletedWith: undefined });
const lines = (...resources: readonly PolicyResource[]) =>
  findings(resources).map(({ policy, urn, message }) => `${policy}: ${urn.split("::")[1]}: ${message}`);

const installation = (linuxDataplane: string) =>
  resource(
    "kubernetes:operator.tigera.io/v1:Installation",
    { kind: "Installation", spec: { calicoNetwork: { linuxDataplane } } },
    named("installation"),
  );
const kubeProxy = resource(addon, { tags, addonName: "kube-proxy" }, named("kube-proxy"));
const daemonSet = (name: string, pod: object = {}) =>
  resource(
    "kubernetes:apps/v1:DaemonSetPatch",
    { kind: "DaemonSet", metadata: { name, namespace: "kube-system" }, spec: { template: { spec: pod } } },
    named(name),
  );

const runs =
  "no-kube-proxy-beside-ebpf: kube-proxy: kube-proxy runs on the nodes; Calico's eBPF serves services there. Set kubeProxy: Absent or Parked, or remove it.";

describe("other dataplanes", () => {
  it.each<[string, PolicyResource[], string[]]>([
    ["kube-proxy with eBPF", [installation("BPF"), kubeProxy], [runs]],
    [
      "kube-proxy with eBPF of a Calico from a manifest",
      [
        resource("kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch", {
          kind: "FelixConfiguration",
          spec: { bpfEnabled: true },
        }),
        kubeProxy,
      ],
      [runs],
    ],
    [
      "a patch of kube-proxy that leaves it where it is",
      [installation("BPF"), kubeProxy, daemonSet("kube-proxy")],
      [runs],
    ],
    [
      "the add-on of the VPC CNI",
      [resource(addon, { tags, addonName: "vpc-cni" }, named("vpc-cni"))],
      [
        "no-vpc-cni: vpc-cni: the add-on vpc-cni is enabled; Calico is this cluster's CNI. Remove the add-on.",
      ],
    ],
    [
      "the VPC CNI by its manifest",
      [daemonSet("aws-node")],
      [
        "no-vpc-cni: aws-node: a DaemonSet is named aws-node, the VPC CNI; Calico is this cluster's CNI. Remove it.",
      ],
    ],
    [
      "the VPC CNI's rights",
      [
        resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
          policyArn: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
        }),
      ],
      [
        "no-vpc-cni: one: AmazonEKS_CNI_Policy is attached; it lets its role rewire every network interface, and there is no VPC CNI that needs it. Detach it.",
      ],
    ],
  ])("are found: %s", (_name, resources, expected) => {
    expect(lines(...resources)).toEqual(expected);
  });

  it("do not include the VPC CNI where the Installation names it, but one that EKS installs by itself", () => {
    const named: PolicyResource[] = [
      resource("kubernetes:operator.tigera.io/v1:Installation", {
        kind: "Installation",
        spec: { cni: { type: "AmazonVPC" } },
      }),
      resource(addon, { tags, addonName: "vpc-cni" }),
      resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
      }),
    ];
    const cluster = resource("aws:eks/cluster:Cluster", { tags });

    expect(lines(...named)).toEqual([]);
    expect(lines(...named, cluster).filter((line) => line.startsWith("no-vpc-cni"))).toEqual([
      "no-vpc-cni: one: EKS installs the VPC CNI and kube-proxy by default; Calico replaces both. Set bootstrapSelfManagedAddons: false.",
    ]);
  });

  it.each<[string, PolicyResource[]]>([
    ["kube-proxy with iptables", [installation("Iptables"), kubeProxy]],
    [
      "a parked one",
      [installation("BPF"), kubeProxy, daemonSet("kube-proxy", { nodeSelector: { "non-calico": "true" } })],
    ],
    [
      "one that is parked by affinity",
      [installation("BPF"), daemonSet("kube-proxy", { affinity: { nodeAffinity: {} } })],
    ],
    ["CoreDNS", [installation("BPF"), resource(addon, { tags, addonName: "coredns" }, named("coredns"))]],
  ])("are not seen in %s", (_name, resources) => {
    expect(lines(...resources)).toEqual([]);
  });
});

const felix = (bpfExternalServiceMode: string) =>
  resource(
    "kubernetes:crd.projectcalico.org/v1:FelixConfiguration",
    { kind: "FelixConfiguration", spec: { bpfExternalServiceMode } },
    named("felix"),
  );
const group = (name: string, ...subnetIds: string[]) =>
  resource(nodeGroup, { tags, launchTemplate: {}, subnetIds }, { name });
const scaling = (name: string, key: string, ...vpcZoneIdentifiers: string[]) =>
  resource("aws:autoscaling/group:Group", { tags: [{ key, value: "owned" }], vpcZoneIdentifiers }, { name });
const several =
  "one-node-subnet-under-dsr: felix: nodes are in 2 subnets; DSR needs exactly one. Put every node group into one subnet, or set calico.externalService: Tunnel.";

describe("node subnets under DSR", () => {
  it.each<[string, PolicyResource[], string[]]>([
    ["two in one group", [felix("DSR"), group("a", "subnet-1", "subnet-2")], [several]],
    [
      "two in one group, which a preview cannot know",
      [felix("DSR"), group("a", unknown, unknown)],
      [several],
    ],
    ["one in each of two groups", [felix("DSR"), group("a", "subnet-1"), group("b", "subnet-2")], [several]],
    [
      "one in nodes that a user starts",
      [felix("DSR"), group("a", "subnet-1"), scaling("own", "kubernetes.io/cluster/dev", "subnet-2")],
      [several],
    ],
    ["two, but Tunnel", [felix("Tunnel"), group("a", "subnet-1", "subnet-2")], []],
    ["the same in both groups", [felix("DSR"), group("a", "subnet-1"), group("b", "subnet-1")], []],
    [
      "unknown ones in two groups, which may be the same",
      [felix("DSR"), group("a", unknown), group("b", unknown)],
      [],
    ],
    [
      "a known one and an unknown one, which may be the same",
      [felix("DSR"), group("a", "subnet-1"), group("b", unknown)],
      [],
    ],
    [
      "another for instances that join no cluster",
      [felix("DSR"), group("a", "subnet-1"), scaling("web", "app", "subnet-2")],
      [],
    ],
  ])("%s", (_name, resources, expected) => {
    expect(lines(...resources)).toEqual(expected);
  });
});

const route = (gatewayId: string) =>
  resource("aws:ec2/route:Route", { routeTableId: "rtb-1", gatewayId, destinationCidrBlock: "0.0.0.0/0" });
const association = resource("aws:ec2/routeTableAssociation:RouteTableAssociation", {
  routeTableId: "rtb-1",
  subnetId: "subnet-1",
});

describe("private nodes", () => {
  it.each<[string, PolicyResource[], string[]]>([
    [
      "a subnet that gives public addresses",
      [resource("aws:ec2/subnet:Subnet", { tags, mapPublicIpOnLaunch: true })],
      [
        "private-nodes: one: instances in the subnet get a public address; nodes must not. Set mapPublicIpOnLaunch: false.",
      ],
    ],
    [
      "SSH with a key and no security group",
      [resource(nodeGroup, { tags, launchTemplate: {}, remoteAccess: { ec2SshKey: "key" } })],
      [
        "private-nodes: one: SSH is open to everyone; Session Manager gives a shell without it. Remove remoteAccess, or set sourceSecurityGroupIds.",
      ],
    ],
    [
      "nodes next to the NAT gateway",
      [route("igw-1"), association, group("a", "subnet-1")],
      [
        "private-nodes: a: nodes are in a subnet with a route to an internet gateway; they must use a NAT gateway or endpoints. Move them to another subnet.",
      ],
    ],
    ["nodes elsewhere", [route("igw-1"), association, group("a", "subnet-2")], []],
    ["a route to a private network", [route("vgw-1"), association, group("a", "subnet-1")], []],
    [
      "SSH from a security group",
      [
        resource(nodeGroup, {
          tags,
          launchTemplate: {},
          remoteAccess: { ec2SshKey: "key", sourceSecurityGroupIds: ["sg-1"] },
        }),
      ],
      [],
    ],
    ["a subnet that says nothing", [resource("aws:ec2/subnet:Subnet", { tags })], []],
  ])("%s", (_name, resources, expected) => {
    expect(lines(...resources)).toEqual(expected);
  });
});
