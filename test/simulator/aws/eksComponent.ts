import type { Construction, Registered } from "../protocol/component.ts";
import { UNKNOWN, type Values } from "../protocol/provider.ts";
import type { ComponentDouble } from "../protocol/serve.ts";
import { hasUnknown, resourceReference } from "../protocol/values.ts";

const awsVersion = "7.25.0";
const attachmentSuffix = "4b490823";

/** Inputs of the component that this program sets. */
interface Inputs extends Values {
  name: string;
  version: string;
  subnetIds: string[];
}

/** Where the cluster is reached otherwise than on AWS; undefined: nowhere. */
type OwnKubeconfig = () => Promise<string> | undefined;

/** As `eksCluster`, with a different kubeconfig where there is one. */
export function eksClusterWith(ownKubeconfig: OwnKubeconfig): ComponentDouble {
  return async (of) => clusterComponent(of, ownKubeconfig);
}

/**
 * Stands in for the component `eks:index:Cluster` of @pulumi/eks 4.3.0: registers the children that the real one
 * registers, in its order and with its inputs (measured; pulumi-eks nodejs/eks of v4.3.0). What the real one would add and this
 * program turns off is refused, so that leaving a switch out does not pass unseen.
 */
export const eksCluster: ComponentDouble = eksClusterWith(() => undefined);

async function clusterComponent(of: Construction, ownKubeconfig: OwnKubeconfig): ReturnType<ComponentDouble> {
  const inputs = of.inputs as Inputs;
  refuseDefaults(inputs);
  const { urn } = await of.registerSelf();
  const role = await serviceRole(of, urn);
  const cluster = await of.register({
    type: "aws:eks/cluster:Cluster",
    name: `${of.name}-eksCluster`,
    custom: true,
    parent: urn,
    provider: of.providers["aws"] ?? "",
    version: awsVersion,
    dependsOn: [role.role.urn, role.attachment.urn],
    ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
    inputs: clusterInputs(inputs, of.name, role.role.state["arn"] ?? UNKNOWN),
  });
  const known = !hasUnknown(cluster.state["endpoint"]);
  // The profile is in the kubeconfig of the component's own provider alone, not in what it gives out.
  const plugin = known ? await ownKubeconfig() : undefined;
  const own = known ? (plugin ?? JSON.stringify(kubeconfig(inputs, cluster.state, true))) : UNKNOWN;
  const given = known ? (parsed(plugin) ?? kubeconfig(inputs, cluster.state, false)) : UNKNOWN;
  const provider = await of.register({
    type: "pulumi:providers:kubernetes",
    name: `${of.name}-eks-k8s`,
    custom: true,
    parent: urn,
    version: "4.19.0",
    dependsOn: [cluster.urn],
    inputs: { kubeconfig: own },
  });
  await accessEntries(of, urn, cluster);
  return { urn, state: outputs({ inputs, role: role.role, cluster, provider, kubeconfig: given }) };
}

function parsed(json: string | undefined): Values | undefined {
  return json === undefined ? undefined : JSON.parse(json);
}

interface Made {
  readonly inputs: Inputs;
  readonly role: Registered;
  readonly cluster: Registered;
  readonly provider: Registered;
  readonly kubeconfig: Values | string;
}

/** Every output of the component (nodejs/eks/cmd/provider/cluster.ts) that has a value. */
function outputs({ inputs, role, cluster, provider, kubeconfig: given }: Made): Values {
  const { state } = cluster;
  const eksCluster = resourceReference(cluster.urn, cluster.id, awsVersion);
  const groupId = (state["vpcConfig"] as Values | undefined)?.["clusterSecurityGroupId"] ?? UNKNOWN;
  const [identity] = (state["identities"] ?? []) as { oidcs?: { issuer?: string }[] }[];
  const issuer = identity?.oidcs?.[0]?.issuer ?? "";
  return {
    eksCluster,
    kubeconfig: given,
    kubeconfigJson: typeof given === "string" ? given : JSON.stringify(given),
    core: {
      cluster: eksCluster,
      clusterIamRole: resourceReference(role.urn, role.id, awsVersion),
      endpoint: state["endpoint"] ?? UNKNOWN,
      instanceRoles: [],
      kubeconfig: given,
      provider: resourceReference(provider.urn, provider.id, "4.19.0"),
      subnetIds: inputs.subnetIds,
      tags: inputs["tags"] ?? {},
      vpcId: inputs["vpcId"] ?? UNKNOWN,
    },
    instanceRoles: [],
    clusterSecurityGroupId: groupId,
    nodeSecurityGroupId: groupId,
    clusterIngressRuleId: "",
    defaultNodeGroupAsgName: "",
    fargateProfileId: "",
    fargateProfileStatus: "",
    oidcProviderArn: "",
    oidcProviderUrl: issuer,
    oidcIssuer: issuer.replace("https://", ""),
    autoModeNodeRoleName: "",
  };
}

/** What the component adds unless that is turned off. */
const switches: readonly [field: string, value: unknown, adds: string][] = [
  ["skipDefaultNodeGroup", true, "a self-managed node group"],
  ["skipDefaultSecurityGroups", true, "its own security groups"],
  ["bootstrapSelfManagedAddons", false, "aws-node, kube-proxy and CoreDNS, installed by EKS"],
  ["useDefaultVpcCni", true, "the vpc-cni add-on"],
];

function refuseDefaults(inputs: Inputs): void {
  for (const [field, value, adds] of switches) {
    if (inputs[field] !== value) throw new Error(`without ${field}: ${value} the component adds ${adds}`);
  }
  for (const field of ["kubeProxyAddonOptions", "corednsAddonOptions"]) {
    if ((inputs[field] as Values | undefined)?.["enabled"] !== false) {
      throw new Error(`without ${field}.enabled: false the component adds that add-on`);
    }
  }
}

async function serviceRole(
  of: Construction,
  parent: string,
): Promise<{ role: Registered; attachment: Registered }> {
  const provider = of.providers["aws"] ?? "";
  const service = "eks.amazonaws.com";
  const description = "Allows EKS to manage clusters on your behalf.";
  const assumeRoleActions = ["sts:AssumeRole", "sts:TagSession"];
  const tags = (of.inputs["tags"] as Values | undefined) ?? {};
  const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
  const component = await of.register({
    type: "eks:index:ServiceRole",
    name: `${of.name}-eksRole`,
    custom: false,
    parent,
    inputs: {
      service,
      description,
      assumeRoleActions,
      tags,
      managedPolicyArns: [{ id: policyArn, arn: policyArn }],
    },
  });
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Action: assumeRoleActions, Effect: "Allow", Principal: { Service: [service] } }],
  };
  const common = { custom: true, parent: component.urn, provider, version: awsVersion } as const;
  const role = await of.register({
    ...common,
    type: "aws:iam/role:Role",
    name: `${of.name}-eksRole-role`,
    inputs: { description, assumeRolePolicy: JSON.stringify(trust), tags },
  });
  const attachment = await of.register({
    ...common,
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: `${of.name}-eksRole-${attachmentSuffix}`,
    dependsOn: [role.urn],
    // The resource itself, not its name.
    inputs: { policyArn, role: resourceReference(role.urn, role.id, awsVersion) },
  });
  return { role, attachment };
}

function clusterInputs(inputs: Inputs, name: string, roleArn: unknown): Values {
  const keyArn = inputs["encryptionConfigKeyArn"];
  const all: Record<string, unknown> = {
    name: inputs.name,
    version: inputs.version,
    roleArn,
    accessConfig: {
      authenticationMode: inputs["authenticationMode"],
      bootstrapClusterCreatorAdminPermissions: true,
    },
    bootstrapSelfManagedAddons: inputs["bootstrapSelfManagedAddons"],
    ...(keyArn === undefined ? {} : { encryptionConfig: { provider: { keyArn }, resources: ["secrets"] } }),
    kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: inputs["kubernetesServiceIpAddressRange"] },
    upgradePolicy: inputs["upgradePolicy"],
    deletionProtection: inputs["deletionProtection"],
    enabledClusterLogTypes: inputs["enabledClusterLogTypes"],
    vpcConfig: {
      endpointPrivateAccess: inputs["endpointPrivateAccess"],
      endpointPublicAccess: inputs["endpointPublicAccess"],
      publicAccessCidrs: inputs["publicAccessCidrs"],
      subnetIds: inputs.subnetIds,
    },
    tags: { Name: `${name}-eksCluster`, ...(inputs["tags"] as Values | undefined) },
  };
  return JSON.parse(JSON.stringify(all));
}

/** As `generateKubeconfig` of nodejs/eks/cluster/cluster.ts. */
function kubeconfig(inputs: Inputs, state: Values, includesProfile: boolean): Values {
  const { profileName: profile, roleArn } = (inputs["providerCredentialOpts"] ?? {}) as Values;
  const region = String(state["arn"]).split(":")[3] ?? "";
  const args = [
    ...["--region", region, "eks", "get-token", "--cluster-name", inputs.name, "--output", "json"],
    ...(roleArn === undefined ? [] : ["--role", roleArn]),
    ...(profile === undefined || !includesProfile ? [] : ["--profile", profile]),
  ];
  const apiVersion = "client.authentication.k8s.io/v1beta1";
  const env = [{ name: "KUBERNETES_EXEC_INFO", value: `{"apiVersion": "${apiVersion}"}` }];
  const certificate = (state["certificateAuthority"] as Values | undefined)?.["data"] ?? "";
  return {
    apiVersion: "v1",
    clusters: [
      {
        cluster: { server: state["endpoint"] ?? "", "certificate-authority-data": certificate },
        name: "kubernetes",
      },
    ],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [{ name: "aws", user: { exec: { apiVersion, command: "aws", args, env } } }],
  };
}

async function accessEntries(of: Construction, parent: string, cluster: Registered): Promise<void> {
  const entries = Object.entries((of.inputs["accessEntries"] ?? {}) as Record<string, Values>);
  const common = { custom: true, provider: of.providers["aws"] ?? "", version: awsVersion } as const;
  const clusterName = cluster.state["name"] ?? UNKNOWN;
  for (const [key, { principalArn = "", accessPolicies = {} }] of entries) {
    const entry = await of.register({
      ...common,
      parent,
      type: "aws:eks/accessEntry:AccessEntry",
      name: `${of.name}-${key}`,
      dependsOn: [cluster.urn],
      inputs: { clusterName, principalArn },
    });
    for (const [policy, { policyArn = "", accessScope = {} }] of Object.entries(
      accessPolicies as Record<string, Values>,
    )) {
      await of.register({
        ...common,
        parent: entry.urn,
        type: "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        name: `${of.name}-${key}-${policy}`,
        dependsOn: [entry.urn],
        inputs: { clusterName, principalArn, policyArn, accessScope },
      });
    }
  }
}
