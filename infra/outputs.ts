import type * as pulumi from "@pulumi/pulumi";
import { clusterCreator } from "../components/checks/access.ts";
import { fixedSettings } from "../components/checks/fixedSettings.ts";
import type { FixedSettings, Settings, Surroundings } from "../components/settings/settings.ts";
import { felixSpec, installationSpec } from "../components/specs/calico.ts";
import { usesVpcCni } from "../components/specs/vpcCni.ts";
import type { DataPathParts } from "./dataPath.ts";

/** The outputs of a stack. */
export interface Outputs {
  readonly clusterName: pulumi.Output<string>;
  /** ARN of the principal that has access because it created the cluster; undefined: not recorded. */
  readonly clusterCreator: string | undefined;
  /** `https://…` */
  readonly clusterEndpoint: pulumi.Output<string>;
  /** Secret. Fetches its token with the aws CLI. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Certificate of the API server's authority, PEM in Base64. */
  readonly certificateAuthority: pulumi.Output<string>;
  readonly region: string;
  readonly vpcId: pulumi.Output<string>;
  readonly nodeSubnetIds: pulumi.Output<string>[];
  readonly controlPlaneSubnetIds: pulumi.Output<string>[];
  /** Subnets with a route to the internet: of NAT gateways and of load balancers. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  /** Public addresses from which nodes reach the internet; empty in an existing network. */
  readonly natAddresses: pulumi.Output<string>[];
  readonly nodeRoleArn: pulumi.Output<string>;
  readonly nodeSecurityGroupId: pulumi.Output<string>;
  /** Security group of the control plane's network interfaces. */
  readonly controlPlaneSecurityGroupId: pulumi.Output<string>;
  /** `https://oidc.eks.…`: issuer of the service accounts' tokens. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** ARN of IAM's provider for it; undefined: cluster.oidcProvider is false. */
  readonly oidcProviderArn?: pulumi.Output<string>;
  readonly kubernetesVersion: string;
  readonly calicoVersion: string;
  /** AmazonVPC: pods have addresses of the node subnets; undefined: Calico's own. */
  readonly cni?: string;
  /** BPF or Iptables. */
  readonly dataplane: string;
  /** DSR or Tunnel. */
  readonly externalService: string;
  /** Absent, Parked or Running. */
  readonly kubeProxy: string;
  /** What cannot change while the cluster exists; the next run compares the stack file with it. */
  readonly fixed: FixedSettings;
  /** Spec of the operator's Installation, for `npm run verify`. */
  readonly installation: ReturnType<typeof installationSpec>;
  /** Spec of FelixConfiguration `default`, for `npm run verify`. */
  readonly felixConfiguration: ReturnType<typeof felixSpec>;
}

/** Gathers the outputs of a stack. */
export function outputs(
  settings: Settings,
  surroundings: Surroundings,
  parts: Pick<DataPathParts, "controlPlane" | "network" | "nodeRole" | "firewall">,
): Outputs {
  const { calico, cluster, kubeProxy, region } = settings;
  const { network } = parts;
  const { oidcProviderArn } = parts.controlPlane;
  return {
    clusterName: parts.controlPlane.clusterName,
    clusterCreator: clusterCreator(settings, surroundings),
    clusterEndpoint: parts.controlPlane.endpoint,
    kubeconfig: parts.controlPlane.kubeconfig,
    certificateAuthority: parts.controlPlane.certificateAuthority,
    region,
    vpcId: network.vpcId,
    nodeSubnetIds: network.nodeSubnetIds,
    controlPlaneSubnetIds: network.controlPlaneSubnetIds,
    publicSubnetIds: network.publicSubnetIds,
    natAddresses: network.natAddresses,
    nodeRoleArn: parts.nodeRole.roleArn,
    nodeSecurityGroupId: parts.firewall.securityGroupId,
    controlPlaneSecurityGroupId: parts.controlPlane.securityGroupId,
    oidcIssuer: parts.controlPlane.oidcIssuer,
    ...(oidcProviderArn === undefined ? {} : { oidcProviderArn }),
    kubernetesVersion: cluster.kubernetesVersion,
    calicoVersion: calico.version,
    ...(usesVpcCni(settings) ? { cni: calico.cni } : {}),
    dataplane: calico.dataplane,
    externalService: calico.externalService,
    kubeProxy,
    fixed: fixedSettings(settings),
    installation: installationSpec(settings),
    felixConfiguration: felixSpec(settings),
  };
}
