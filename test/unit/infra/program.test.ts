import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { kubeconfigJson, type Recorded, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { readStackFile } from "../../../infra/commands/shared/stackFile.ts";
import { configTexts } from "../../../infra/commands/shared/stackSettings.ts";
import { program } from "../../../infra/program.ts";
import { dependenciesOf, registered } from "../../support/graph.ts";
import { resolved } from "../../support/outputs.ts";
import type { SettingsChange } from "../../support/settings.ts";
import { stackConfig } from "../../support/stackConfig.ts";
import { bothFamilies, bounded, existingNetwork, parked, reversed, withoutNat } from "./variants.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const fromFile = (stack: string) => ({
  stack,
  config: configTexts(readStackFile({ stack }, root).config),
});

/** Number of each type, without this program's components. */
function counts(resources: readonly Recorded[]): Record<string, number> {
  const types = resources.map(({ type }) => type).filter((type) => !type.startsWith("calico-ebpf-eks:"));
  return Object.fromEntries(
    [...new Set(types)].map((type) => [type, types.filter((one) => one === type).length]),
  );
}

const devCounts = {
  "aws:cloudwatch/logGroup:LogGroup": 1,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": 1,
  "aws:ec2/eip:Eip": 1,
  "aws:ec2/internetGateway:InternetGateway": 1,
  "aws:ec2/launchTemplate:LaunchTemplate": 1,
  "aws:ec2/natGateway:NatGateway": 1,
  "aws:ec2/route:Route": 2,
  "aws:ec2/routeTable:RouteTable": 2,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": 2,
  "aws:ec2/securityGroup:SecurityGroup": 1,
  "aws:ec2/subnet:Subnet": 4,
  "aws:ec2/vpc:Vpc": 1,
  "aws:ec2/vpcEndpoint:VpcEndpoint": 1,
  "aws:eks/addon:Addon": 1,
  "aws:eks/nodeGroup:NodeGroup": 1,
  "aws:iam/role:Role": 1,
  "aws:iam/rolePolicy:RolePolicy": 1,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 3,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 1,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 11,
  "eks:index:Cluster": 1,
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": 3,
  "kubernetes:apps/v1:DeploymentPatch": 1,
  "kubernetes:core/v1:ConfigMap": 1,
  "kubernetes:core/v1:Namespace": 1,
  "kubernetes:crd.projectcalico.org/v1:FelixConfiguration": 1,
  "kubernetes:crd.projectcalico.org/v1:FelixConfigurationPatch": 1,
  "kubernetes:helm.sh/v4:Chart": 1,
  "kubernetes:operator.tigera.io/v1:APIServer": 1,
  "kubernetes:operator.tigera.io/v1:Installation": 1,
  "kubernetes:operator.tigera.io/v1:InstallationPatch": 1,
  "kubernetes:operator.tigera.io/v1:TigeraStatusPatch": 3,
  "pulumi:providers:aws": 1,
  "pulumi:providers:kubernetes": 1,
};

const dev = await record(program, fromFile("dev"));
const prod = await record(program, fromFile("prod"));

describe("the stacks", () => {
  it("dev registers this many of each type", () => {
    expect(counts(dev.resources)).toEqual(devCounts);
  });

  it("prod also has a second pool, its own key and flow logs", () => {
    expect(counts(prod.resources)).toEqual({
      ...devCounts,
      // One more, for the machine that runs Pulumi.
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 12,
      "aws:cloudwatch/logGroup:LogGroup": 2,
      "aws:ec2/flowLog:FlowLog": 1,
      "aws:ec2/launchTemplate:LaunchTemplate": 2,
      "aws:eks/nodeGroup:NodeGroup": 2,
      "aws:iam/role:Role": 2,
      "aws:iam/rolePolicy:RolePolicy": 2,
      "aws:kms/alias:Alias": 1,
      "aws:kms/key:Key": 1,
    });
  });

  it("prod protects the cluster from its own destroy, and dev does not", () => {
    const protectedTypes = (resources: readonly Recorded[]) =>
      resources.filter(({ protect }) => protect).map(({ type }) => type);

    expect(protectedTypes(prod.resources)).toContain("eks:index:Cluster");
    expect(protectedTypes(dev.resources)).toEqual([]);
  });

  it("log nothing: warnings are for what differs from the defaults", () => {
    expect([dev.log, prod.log]).toEqual([[], []]);
  });
});

const base = await record(program, { config: stackConfig() });

describe("the outputs", () => {
  it("are these", async () => {
    expect(await resolved(base.result)).toEqual({
      clusterName: "calico-ebpf-eks-dev",
      clusterCreator: "arn:aws:iam::111122223333:role/deployer",
      clusterEndpoint: "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
      kubeconfig: kubeconfigJson,
      certificateAuthority: "LS0tLS1CRUdJTg==",
      region: "eu-west-1",
      vpcId: "calico-ebpf-eks-dev-network-id",
      nodeSubnetIds: ["calico-ebpf-eks-dev-network-node-eu-west-1a-id"],
      controlPlaneSubnetIds: [
        "calico-ebpf-eks-dev-network-control-plane-eu-west-1a-id",
        "calico-ebpf-eks-dev-network-control-plane-eu-west-1b-id",
      ],
      publicSubnetIds: ["calico-ebpf-eks-dev-network-public-eu-west-1a-id"],
      natAddresses: ["198.51.100.7"],
      nodeRoleArn: "arn:aws:iam::111122223333:role/calico-ebpf-eks-dev-node",
      nodeSecurityGroupId: "calico-ebpf-eks-dev-node-id",
      controlPlaneSecurityGroupId: "sg-cluster",
      oidcIssuer: "https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789",
      oidcProviderArn: undefined,
      kubernetesVersion: "1.35",
      calicoVersion: "3.32.4",
      dataplane: "BPF",
      externalService: "DSR",
      kubeProxy: "Absent",
      fixed: expect.objectContaining({ podCidr: "192.168.0.0/16", vpc: "10.40.0.0/16" }),
      installation: expect.objectContaining({ kubernetesProvider: "EKS", variant: "Calico" }),
      felixConfiguration: {
        awsSrcDstCheck: "Disable",
        bpfExternalServiceMode: "DSR",
        bpfDSROptoutCIDRs: [],
        bpfKubeProxyIptablesCleanupEnabled: true,
        bpfKubeProxyHealthzPort: 10256,
      },
    });
  });

  it("keep the kubeconfig secret, and nothing else", async () => {
    const { clusterName, clusterEndpoint, kubeconfig, nodeSecurityGroupId } = base.result;

    expect(await pulumi.isSecret(kubeconfig)).toBe(true);
    expect(
      await Promise.all([clusterName, clusterEndpoint, nodeSecurityGroupId].map(pulumi.isSecret)),
    ).toEqual([false, false, false]);
  });

  it("follow the settings", async () => {
    const { result } = await record(program, { config: stackConfig(reversed) });

    expect(await resolved(result)).toMatchObject({
      dataplane: "Iptables",
      externalService: "Tunnel",
      kubeProxy: "Running",
    });
  });

  it("name the subnets that were there", async () => {
    const { result } = await record(program, { config: stackConfig(existingNetwork) });

    expect(await resolved(result.nodeSubnetIds)).toEqual(["subnet-0000000000000000c"]);
  });
});

/** What comes and what goes when the settings change. */
async function difference(changes: SettingsChange) {
  const { resources } = await record(program, { config: stackConfig(changes) });
  const [now, then] = [registered(resources), registered(base.resources)];
  return {
    comes: now.filter((one) => !then.includes(one)),
    goes: then.filter((one) => !now.includes(one)),
  };
}

const kubeProxy = ["aws:eks/addon:Addon kube-proxy", "kubernetes:apps/v1:DaemonSetPatch kube-proxy"];
const network = "calico-ebpf-eks-dev-network";
const nat = [
  `aws:ec2/eip:Eip ${network}`,
  `aws:ec2/internetGateway:InternetGateway ${network}`,
  `aws:ec2/natGateway:NatGateway ${network}`,
  `aws:ec2/route:Route ${network}-node`,
  `aws:ec2/route:Route ${network}-public`,
  `aws:ec2/routeTable:RouteTable ${network}-public`,
  `aws:ec2/routeTableAssociation:RouteTableAssociation ${network}-public`,
  `aws:ec2/subnet:Subnet ${network}-public-eu-west-1a`,
  `calico-ebpf-eks:index:InternetAccess ${network}`,
];
const pool = (name: string) => [
  `aws:ec2/launchTemplate:LaunchTemplate calico-ebpf-eks-dev-${name}`,
  `aws:eks/nodeGroup:NodeGroup calico-ebpf-eks-dev-${name}`,
  `calico-ebpf-eks:index:NodePool calico-ebpf-eks-dev-${name}`,
];

describe("another stack file", () => {
  it.each<[string, SettingsChange, { comes: string[]; goes: string[] }]>([
    ["Tunnel", { calico: { externalService: "Tunnel" } }, { comes: [], goes: [] }],
    ["Iptables with kube-proxy", reversed, { comes: kubeProxy, goes: [] }],
    ["Parked", parked, { comes: kubeProxy, goes: [] }],
    [
      "without a NAT gateway",
      withoutNat,
      {
        comes: [
          `aws:ec2/securityGroup:SecurityGroup ${network}-endpoints`,
          ...["ec2", "ecr.api", "ecr.dkr", "eks", "ssm", "ssmmessages", "sts"].map(
            (service) => `aws:ec2/vpcEndpoint:VpcEndpoint ${network}-endpoints-${service}`,
          ),
          `aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule ${network}-endpoints`,
          `calico-ebpf-eks:index:ServiceEndpoints ${network}-endpoints`,
        ],
        goes: nat,
      },
    ],
    [
      "a network that is there",
      existingNetwork,
      {
        comes: [],
        goes: [
          ...nat,
          `aws:ec2/defaultSecurityGroup:DefaultSecurityGroup ${network}`,
          `aws:ec2/routeTable:RouteTable ${network}-node`,
          `aws:ec2/routeTableAssociation:RouteTableAssociation ${network}-node-eu-west-1a`,
          `aws:ec2/subnet:Subnet ${network}-control-plane-eu-west-1a`,
          `aws:ec2/subnet:Subnet ${network}-control-plane-eu-west-1b`,
          `aws:ec2/subnet:Subnet ${network}-node-eu-west-1a`,
          `aws:ec2/vpc:Vpc ${network}`,
          `aws:ec2/vpcEndpoint:VpcEndpoint ${network}-s3`,
          `calico-ebpf-eks:index:Network ${network}`,
        ].toSorted(),
      },
    ],
    [
      "Bottlerocket on spot with arm64",
      bothFamilies,
      { comes: [...pool("arm"), ...pool("spot")].toSorted(), goes: pool("default") },
    ],
  ])("with %s adds and removes exactly this", async (_name, changes, expected) => {
    expect(await difference(changes)).toEqual(expected);
  });
});

describe("a permissions boundary", () => {
  const boundaries = (resources: readonly Recorded[]) =>
    resources
      .filter(({ type }) => type === "aws:iam/role:Role")
      .map(({ name, inputs }) => [name, inputs["permissionsBoundary"]])
      .toSorted();

  it("bounds every role that the program registers", async () => {
    const { resources } = await record(program, { config: stackConfig(bounded) });

    expect(boundaries(resources)).toEqual([
      ["calico-ebpf-eks-dev-network-flow-logs", "arn:aws:iam::111122223333:policy/boundary"],
      ["calico-ebpf-eks-dev-node", "arn:aws:iam::111122223333:policy/boundary"],
    ]);
  });

  it("does not exist unless it is set", () => {
    expect(boundaries(base.resources)).toEqual([["calico-ebpf-eks-dev-node", undefined]]);
  });
});

describe("a first preview, in which nothing has an id yet", () => {
  const graph = (resources: readonly Recorded[]) =>
    resources
      .map((one) => `${one.type} ${one.name} after ${dependenciesOf(resources, one).join(", ")}`)
      .toSorted();

  it.each<[string, { stack?: string; config: Record<string, string> }]>([
    ["dev", fromFile("dev")],
    ["prod", fromFile("prod")],
    ["kube-proxy with Iptables", { config: stackConfig(reversed) }],
    ["a network that is there", { config: stackConfig(existingNetwork) }],
    ["no NAT gateway", { config: stackConfig(withoutNat) }],
  ])("registers the same resources in the same order: %s", async (_name, options) => {
    const [up, preview] = [
      await record(program, options),
      await record(program, { ...options, preview: true }),
    ];

    expect(graph(preview.resources)).toEqual(graph(up.resources));
    expect(preview.log).toEqual(up.log);
  });

  it("knows of the outputs what is plain, and leaves the rest unknown", async () => {
    const { result } = await record(program, { config: stackConfig(), preview: true });

    expect(result).toMatchObject({ calicoVersion: "3.32.4", dataplane: "BPF", region: "eu-west-1" });
    expect(await Object(result.kubeconfig).isKnown).toBe(false);
    expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
  });
});
