import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ingressRule } from "./nodeFirewall.ts";
import type { Settings } from "./settings/settings.ts";
import { accessEntries, eksChildProps, withProfile } from "./specs/eksCluster.ts";
import { privateAccessIngress } from "./specs/firewall.ts";

export interface ControlPlaneArgs {
  /** Settings under `cluster`. Plain: they decide which resources exist. */
  readonly cluster: Settings["cluster"];
  /** Identifies this cluster for the Kubernetes provider, and never changes: `<project>/<stack>/<name>`. */
  readonly clusterIdentifier: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** Profile that the kubeconfig uses; unset: the ambient credentials. */
  readonly profile: string | undefined;
  /** Role that the kubeconfig assumes; unset: none. */
  readonly roleArn: string | undefined;
  readonly vpcId: pulumi.Input<string>;
  /** At least two subnets, in at least two zones. */
  readonly subnetIds: pulumi.Input<string>[];
  /** ARN of the IAM policy that bounds the control plane's role; undefined: none. */
  readonly permissionsBoundary: string | undefined;
  /** Provider that the eks component's children use as well. */
  readonly awsProvider: aws.Provider;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * EKS control plane without nodes and without add-ons: no VPC CNI, no kube-proxy, no CoreDNS. The private endpoint is
 * always on. Takes about ten minutes; costs 73 USD a month in standard support.
 */
export class ControlPlane extends pulumi.ComponentResource {
  /** The resource that in-cluster resources are deleted with. */
  readonly cluster: eks.Cluster;
  /** Physical name; known once the cluster exists. */
  readonly clusterName: pulumi.Output<string>;
  /** `https://….eks.amazonaws.com` */
  readonly endpoint: pulumi.Output<string>;
  /** Certificate of the API server's authority, PEM in Base64. */
  readonly certificateAuthority: pulumi.Output<string>;
  /** Security group that EKS makes for the control plane's network interfaces. */
  readonly securityGroupId: pulumi.Output<string>;
  /** `https://oidc.eks.…` of the cluster's service accounts; EKS has one whether IAM knows it or not. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** ARN of IAM's provider for it; undefined: there is none. */
  readonly oidcProviderArn: pulumi.Output<string> | undefined;
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Provider for everything inside the cluster. */
  readonly kubernetesProvider: kubernetes.Provider;

  constructor(name: string, args: ControlPlaneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:ControlPlane", name, {}, opts);
    const { cluster, tags } = args;
    const isPublic = cluster.publicAccessCidrs.length > 0;

    const logGroup = this.#logGroup(name, args);
    this.cluster = new eks.Cluster(
      name,
      {
        name: cluster.name,
        version: cluster.kubernetesVersion,
        vpcId: args.vpcId,
        subnetIds: args.subnetIds,
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        ...(isPublic ? { publicAccessCidrs: [...cluster.publicAccessCidrs] } : {}),
        kubernetesServiceIpAddressRange: cluster.serviceCidr,
        enabledClusterLogTypes: [...cluster.logTypes],
        ...this.#encryption(name, args),
        upgradePolicy: { supportType: cluster.support },
        deletionProtection: cluster.deletionProtection,
        authenticationMode: eks.AuthenticationMode.Api,
        accessEntries: accessEntries(cluster.admins, args.partition),
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        bootstrapSelfManagedAddons: false,
        // The name misleads: true keeps the component from adding the VPC CNI (pulumi-eks, nodejs/eks/cluster/cluster.ts).
        useDefaultVpcCni: true,
        kubeProxyAddonOptions: { enabled: false },
        corednsAddonOptions: { enabled: false },
        ...this.#credentials(args),
        tags: { ...tags },
      },
      // A log group that EKS creates itself is never deleted.
      { parent: this, providers: [args.awsProvider], dependsOn: logGroup, transforms: completing(args) },
    );

    this.clusterName = this.cluster.eksCluster.name;
    this.endpoint = this.cluster.eksCluster.endpoint;
    this.certificateAuthority = this.cluster.eksCluster.certificateAuthority.data;
    this.securityGroupId = this.cluster.eksCluster.vpcConfig.clusterSecurityGroupId;
    this.oidcIssuer = this.cluster.eksCluster.identities.apply(
      ([identity]) => identity?.oidcs[0]?.issuer ?? "",
    );
    this.oidcProviderArn = this.#oidcProvider(name, args);
    const { profile } = args;
    this.kubeconfig = pulumi.secret(this.cluster.kubeconfigJson.apply((json) => withProfile(json, profile)));
    this.kubernetesProvider = new kubernetes.Provider(
      name,
      {
        kubeconfig: this.kubeconfig,
        // Without a fixed identifier, a changed kubeconfig would replace everything in the cluster.
        clusterIdentifier: args.clusterIdentifier,
        // The stack overrides manual patches; otherwise the preview ends with a conflict, and no up starts.
        enablePatchForce: true,
      },
      { parent: this, dependsOn: this.#privateAccess(name, args) },
    );
    this.registerOutputs({
      clusterName: this.clusterName,
      endpoint: this.endpoint,
      securityGroupId: this.securityGroupId,
      kubeconfig: this.kubeconfig,
    });
  }

  #credentials({ profile, roleArn }: ControlPlaneArgs): Pick<eks.ClusterArgs, "providerCredentialOpts"> {
    if (profile === undefined && roleArn === undefined) return {};
    return {
      providerCredentialOpts: {
        ...(profile === undefined ? {} : { profileName: profile }),
        ...(roleArn === undefined ? {} : { roleArn }),
      },
    };
  }

  #privateAccess(name: string, { cluster, tags }: ControlPlaneArgs): pulumi.Resource[] {
    if (cluster.privateAccessCidrs.length + cluster.privateAccessSecurityGroupIds.length === 0) return [];
    const { rules } = new PrivateAccess(
      name,
      { securityGroupId: this.securityGroupId, clients: cluster, tags },
      // Deletion protection is for the cluster: these rules come and go with the settings.
      { parent: this, protect: false },
    );
    return rules;
  }

  #oidcProvider(name: string, { cluster, tags }: ControlPlaneArgs): pulumi.Output<string> | undefined {
    if (!cluster.oidcProvider) return undefined;
    const provider = new aws.iam.OpenIdConnectProvider(
      name,
      // Without thumbprints IAM trusts the certificate authorities that it knows, EKS's among them.
      { url: this.oidcIssuer, clientIdLists: ["sts.amazonaws.com"], tags: { ...tags } },
      // Deletion protection is about the cluster: the provider comes and goes with the setting.
      { parent: this, protect: false },
    );
    return provider.arn;
  }

  #logGroup(name: string, { cluster, tags }: ControlPlaneArgs): pulumi.Resource[] {
    if (cluster.logTypes.length === 0) return [];
    const group = new aws.cloudwatch.LogGroup(
      name,
      // The log group that EKS writes to.
      {
        name: `/aws/eks/${cluster.name}/cluster`,
        retentionInDays: cluster.logRetentionDays,
        tags: { ...tags },
      },
      { parent: this },
    );
    return [group];
  }

  #encryption(
    name: string,
    { cluster, tags }: ControlPlaneArgs,
  ): { encryptionConfigKeyArn?: pulumi.Input<string> } {
    if (cluster.secretsKey === "aws-owned") return {};
    if (cluster.secretsKey !== "create") return { encryptionConfigKeyArn: cluster.secretsKey };
    const key = new aws.kms.Key(
      name,
      {
        description: `Secrets of EKS cluster ${cluster.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 7,
        tags: { ...tags },
      },
      { parent: this },
    );
    new aws.kms.Alias(name, { name: `alias/eks/${cluster.name}`, targetKeyId: key.keyId }, { parent: this });
    return { encryptionConfigKeyArn: key.arn };
  }
}

/** The component does not pass tags and boundary to all of its children. */
function completing({ tags, permissionsBoundary }: ControlPlaneArgs): pulumi.ResourceTransform[] {
  if (Object.keys(tags).length === 0 && permissionsBoundary === undefined) return [];
  return [
    ({ type, props, opts }) => {
      const complete = eksChildProps({ type, props }, { tags, permissionsBoundary });
      return complete === undefined ? undefined : { props: complete, opts };
    },
  ];
}

export interface PrivateAccessArgs {
  /** Security group of the control plane's network interfaces. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Who may reach the private endpoint. Plain: it decides which rules exist. */
  readonly clients: Pick<Settings["cluster"], "privateAccessCidrs" | "privateAccessSecurityGroupIds">;
  readonly tags: Readonly<Record<string, string>>;
}

/** Opens the private endpoint to clients outside the cluster: Pulumi, kubectl on a bastion. EKS itself allows none. */
export class PrivateAccess extends pulumi.ComponentResource {
  /** Must be open before anything outside the cluster calls the API server. */
  readonly rules: pulumi.Resource[];

  constructor(name: string, args: PrivateAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("calico-ebpf-eks:index:PrivateAccess", name, {}, opts);
    const { securityGroupId, tags } = args;
    this.rules = privateAccessIngress(args.clients).map((rule) =>
      ingressRule(name, rule, { securityGroupId, tags }, { parent: this }),
    );
  }
}
