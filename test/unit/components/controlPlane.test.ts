import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ControlPlane } from "../../../components/controlPlane.ts";
import { kubeconfigJson, record } from "../../../infra/commands/shared/plan/recorder.ts";
import { dependenciesOf, find, registered, topLevel, untagged } from "../../support/graph.ts";
import { resolved } from "../../support/outputs.ts";
import { type SettingsChange, settings } from "../../support/settings.ts";

const tags = { team: "net" };
/** With what the SDK adds by itself. */
const noAddon = {
  enabled: false,
  resolveConflictsOnCreate: "OVERWRITE",
  resolveConflictsOnUpdate: "OVERWRITE",
};

const controlPlane = (
  cluster: SettingsChange["cluster"] = {},
  profile?: string,
  protect = false,
  roleArn?: string,
) =>
  record(() => {
    const awsProvider = new aws.Provider("aws", { region: "eu-west-1" });
    const args = {
      cluster: settings({ cluster }).cluster,
      clusterIdentifier: "calico-ebpf-eks/dev/calico-ebpf-eks-dev",
      partition: "aws",
      profile,
      roleArn,
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      permissionsBoundary: undefined,
      awsProvider,
      tags,
    };
    return new ControlPlane("dev", args, { providers: [awsProvider], protect });
  });

const clusterOf = async (cluster: SettingsChange["cluster"], profile?: string) =>
  find((await controlPlane(cluster, profile)).resources, "eks:index:Cluster").inputs;

const { resources, result } = await controlPlane();

describe("ControlPlane", () => {
  it("registers a cluster, its log group, key and provider, and no add-on", () => {
    expect(registered(resources)).toEqual([
      "aws:cloudwatch/logGroup:LogGroup dev",
      "aws:kms/alias:Alias dev",
      "aws:kms/key:Key dev",
      "calico-ebpf-eks:index:ControlPlane dev",
      "eks:index:Cluster dev",
      "pulumi:providers:aws aws",
      "pulumi:providers:kubernetes dev",
    ]);
  });

  it("is the parent of all but the AWS provider, and tags what can be tagged", () => {
    expect(topLevel(resources)).toEqual([
      "calico-ebpf-eks:index:ControlPlane dev",
      "pulumi:providers:aws aws",
    ]);
    expect(untagged(resources, tags)).toEqual([]);
  });

  it("asks for a bare cluster: no nodes, no VPC CNI, no kube-proxy, no CoreDNS, no security groups", () => {
    expect(find(resources, "eks:index:Cluster").inputs).toEqual({
      name: "calico-ebpf-eks-dev",
      version: "1.35",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["198.18.0.0/15"],
      kubernetesServiceIpAddressRange: "172.20.0.0/16",
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      encryptionConfigKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/dev",
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: false,
      authenticationMode: "API",
      accessEntries: {},
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: noAddon,
      corednsAddonOptions: noAddon,
      tags: { team: "net" },
    });
  });

  it("gives the component our AWS provider, so that its children use no other version", () => {
    const { urn } = find(resources, "pulumi:providers:aws");

    expect(find(resources, "eks:index:Cluster").providers).toEqual({ aws: `${urn}::aws-id` });
  });

  it("makes the log group that EKS writes to before the cluster", () => {
    expect(find(resources, "aws:cloudwatch/logGroup:LogGroup").inputs).toEqual({
      name: "/aws/eks/calico-ebpf-eks-dev/cluster",
      retentionInDays: 90,
      tags: { team: "net" },
    });
    expect(dependenciesOf(resources, find(resources, "eks:index:Cluster"))).toEqual([
      "aws:cloudwatch/logGroup:LogGroup dev",
      "aws:kms/key:Key dev",
    ]);
  });

  it("makes a key that rotates, under the cluster's name", () => {
    expect(find(resources, "aws:kms/key:Key").inputs).toEqual({
      description: "Secrets of EKS cluster calico-ebpf-eks-dev",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      tags: { team: "net" },
    });
    expect(find(resources, "aws:kms/alias:Alias").inputs).toEqual({
      name: "alias/eks/calico-ebpf-eks-dev",
      targetKeyId: "dev-key",
    });
  });

  it("identifies the cluster by a fixed name, independent of its kubeconfig", () => {
    expect(find(resources, "pulumi:providers:kubernetes").inputs).toEqual({
      clusterIdentifier: "calico-ebpf-eks/dev/calico-ebpf-eks-dev",
      enablePatchForce: "true",
      kubeconfig: kubeconfigJson,
    });
  });

  it("keeps the kubeconfig secret", async () => {
    expect(await pulumi.isSecret(result.kubeconfig)).toBe(true);
  });

  it("hands out the cluster's own name, endpoint and security group", async () => {
    expect(await resolved(result.clusterName)).toBe("calico-ebpf-eks-dev");
    expect(await resolved(result.endpoint)).toBe(
      "https://0123456789ABCDEF0123456789ABCDEF.gr7.eu-west-1.eks.amazonaws.com",
    );
    expect(await resolved(result.securityGroupId)).toBe("sg-cluster");
  });
});

describe("ControlPlane with other settings", () => {
  it("is private only when no range may reach the public endpoint", async () => {
    const inputs = await clusterOf({ publicAccessCidrs: [] });

    expect(inputs).toMatchObject({ endpointPrivateAccess: true, endpointPublicAccess: false });
    expect(inputs).not.toHaveProperty("publicAccessCidrs");
  });

  it("takes a key that is there, and makes none", async () => {
    const arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000";
    const { resources: found } = await controlPlane({ secretsKey: arn });

    expect(find(found, "eks:index:Cluster").inputs["encryptionConfigKeyArn"]).toBe(arn);
    expect(registered(found).filter((one) => one.startsWith("aws:kms/"))).toEqual([]);
  });

  it("leaves encryption to AWS's own key", async () => {
    const { resources: found } = await controlPlane({ secretsKey: "aws-owned" });

    expect(find(found, "eks:index:Cluster").inputs).not.toHaveProperty("encryptionConfigKeyArn");
    expect(registered(found).filter((one) => one.startsWith("aws:kms/"))).toEqual([]);
  });

  it("makes no log group when nothing is logged", async () => {
    const { resources: found } = await controlPlane({ logTypes: [] });

    expect(find(found, "eks:index:Cluster").inputs["enabledClusterLogTypes"]).toEqual([]);
    expect(registered(found)).not.toContain("aws:cloudwatch/logGroup:LogGroup dev");
  });

  it("lets admins in by access entries", async () => {
    const inputs = await clusterOf({ admins: ["arn:aws:iam::111122223333:role/platform"] });

    expect(inputs["accessEntries"]).toEqual({
      "111122223333/role/platform": {
        principalArn: "arn:aws:iam::111122223333:role/platform",
        accessPolicies: {
          admin: {
            policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
            accessScope: { type: "cluster" },
          },
        },
      },
    });
  });

  it("passes on version, service range, logs, support and deletion protection", async () => {
    const inputs = await clusterOf({
      kubernetesVersion: "1.34",
      serviceCidr: "10.100.0.0/16",
      logTypes: ["audit"],
      support: "EXTENDED",
      deletionProtection: true,
    });

    expect(inputs).toMatchObject({
      version: "1.34",
      kubernetesServiceIpAddressRange: "10.100.0.0/16",
      enabledClusterLogTypes: ["audit"],
      upgradePolicy: { supportType: "EXTENDED" },
      deletionProtection: true,
    });
  });

  it("gives the component the role and the profile, if there are any", async () => {
    const roleArn = "arn:aws:iam::111122223333:role/deployer";
    const withBoth = await controlPlane({}, "work", false, roleArn);

    expect(find(withBoth.resources, "eks:index:Cluster").inputs["providerCredentialOpts"]).toEqual({
      profileName: "work",
      roleArn,
    });
    expect((await clusterOf({}, "work"))["providerCredentialOpts"]).toEqual({ profileName: "work" });
    expect(find(resources, "eks:index:Cluster").inputs).not.toHaveProperty("providerCredentialOpts");
  });

  it("gives the profile to the Kubernetes provider and to the output, which the component does not", async () => {
    const { resources: found, result: made } = await controlPlane({}, "work");
    const provided = String(find(found, "pulumi:providers:kubernetes").inputs["kubeconfig"]);

    expect(JSON.parse(provided).users[0].user.exec.args).toEqual(["eks", "get-token", "--profile", "work"]);
    expect(await resolved(made.kubeconfig)).toBe(provided);
    expect(find(resources, "pulumi:providers:kubernetes").inputs["kubeconfig"]).toBe(kubeconfigJson);
  });

  const clients = {
    publicAccessCidrs: [],
    privateAccessCidrs: ["10.60.0.0/16"],
    privateAccessSecurityGroupIds: ["sg-0a1b2c3d"],
  };
  const ruleType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

  it("opens the private endpoint to its clients before Pulumi asks it anything", async () => {
    const { resources: found } = await controlPlane(clients);
    const rules = found.filter(({ type }) => type === ruleType);
    const common = { securityGroupId: "sg-cluster", ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    const description = "clients of the private endpoint outside the cluster: Pulumi, kubectl";

    expect(rules.map(({ inputs }) => inputs)).toEqual([
      {
        ...common,
        description,
        cidrIpv4: "10.60.0.0/16",
        tags: { ...tags, Name: "dev-api-clients-10.60.0.0-16" },
      },
      {
        ...common,
        description,
        referencedSecurityGroupId: "sg-0a1b2c3d",
        tags: { ...tags, Name: "dev-api-clients-sg-0a1b2c3d" },
      },
    ]);
    expect(dependenciesOf(found, find(found, "pulumi:providers:kubernetes"))).toEqual(
      expect.arrayContaining([
        `${ruleType} dev-api-clients-10.60.0.0-16`,
        `${ruleType} dev-api-clients-sg-0a1b2c3d`,
      ]),
    );
  });

  it("opens it with a public endpoint, too, where names resolve to private addresses inside", async () => {
    const { resources: found } = await controlPlane({ ...clients, publicAccessCidrs: ["198.18.0.0/15"] });

    expect(found.filter(({ type }) => type === ruleType)).toHaveLength(2);
  });

  it("does not protect these rules: they come and go with the settings", async () => {
    const { resources: found } = await controlPlane(clients, undefined, true);

    expect(found.filter(({ type, protect }) => type === ruleType && protect)).toEqual([]);
    expect(find(found, "eks:index:Cluster").protect).toBe(true);
  });

  it("hands protection on to everything in it", async () => {
    const { resources: found } = await controlPlane({}, undefined, true);

    expect(found.filter(({ protect }) => !protect).map(({ type }) => type)).toEqual(["pulumi:providers:aws"]);
  });
});
