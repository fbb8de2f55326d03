import { addressesOfInterface, addressesPerPrefix, podsWithNodeAddress, vpcCni } from "../facts/vpcCni.ts";
import type { AddonSettings } from "../settings/addons.ts";
import type { DeepReadonly, NodePoolSettings, Settings } from "../settings/settings.ts";
import { lookUp } from "../values/lookUp.ts";
import { partitionOf } from "../values/partition.ts";

/** Whether pods get their addresses from the AWS VPC CNI. */
export function usesVpcCni({ calico }: { readonly calico: Pick<Settings["calico"], "cni"> }): boolean {
  return calico.cni === "AmazonVPC";
}

/**
 * The VPC CNI for Calico's policy, except for the API server's address. Each node takes prefixes of 16 addresses, so that it
 * can have as many pods as the kubelet allows. An annotation tells Calico a new pod's address before its status does
 * (tigera/docs managed-public-cloud/eks.mdx); AWS's own network policies stay off, their default. Source of the names:
 * aws/amazon-vpc-cni-k8s README.md, and awslabs/cdk-eks-blueprints lib/addons/vpc-cni, which passes them to the add-on.
 *
 * Every pod is on its node's first interface (MAX_ENI; v1.22.4 pkg/ipamd/ipamd.go, getMaxENI and hasRoomForEni): replies of
 * NodePorts from pods on a further one leave through it with the node's address, and its source/destination check, which
 * Felix does not turn off, drops them (measured with Calico 3.28.5, docs/data-path.md).
 */
export function vpcCniAddon({
  region,
  tags,
}: Pick<Settings, "region" | "tags">): DeepReadonly<AddonSettings> {
  return {
    configuration: {
      env: {
        ENABLE_PREFIX_DELEGATION: "true",
        MAX_ENI: "1",
        WARM_PREFIX_TARGET: "1",
        ANNOTATE_POD_IP: "true",
        ...(Object.keys(tags).length === 0 ? {} : { ADDITIONAL_ENI_TAGS: JSON.stringify(tags) }),
      },
    },
    podIdentity: {
      namespace: vpcCni.namespace,
      serviceAccount: vpcCni.serviceAccount,
      managedPolicyArns: [`arn:${partitionOf(region)}:iam::aws:policy/${vpcCni.policy}`],
      statements: [],
    },
  };
}

/**
 * Configuration values of the add-on. Without kube-proxy, the API server's service has an address only once Calico runs; the
 * pods of the VPC CNI wait for nothing when they have the API server's own.
 */
export function vpcCniValues(
  { configuration }: Pick<DeepReadonly<AddonSettings>, "configuration">,
  endpoint: string,
): string {
  const env = { ...(configuration["env"] as object), CLUSTER_ENDPOINT: endpoint };
  return JSON.stringify({ ...configuration, env });
}

/** Most pods on a node whose first interface has the addresses of all; undefined: as many as its vCPUs allow. */
export function mostPodsOn(instanceType: string): number | undefined {
  const size = instanceType.split(".")[1] ?? "";
  const addresses = lookUp(addressesOfInterface, instanceType) ?? lookUp(addressesOfInterface, size);
  if (addresses === undefined) return undefined;
  return (addresses - 1) * addressesPerPrefix + podsWithNodeAddress;
}

/**
 * Blocks of /28 that a node takes from its subnet at most: whole ones for its pods, one in reserve, and the one that its own
 * address breaks, as EC2 picks it anywhere in the subnet. A prefix needs a block without any other address. Sources:
 * aws/amazon-vpc-cni-k8s docs/prefix-and-ip-target.md; EKS user guide, cni-increase-ip-addresses-procedure (InsufficientCidrBlocks). Read 2026-11-28.
 */
export function blocksPerNode({ maxPods }: Pick<NodePoolSettings, "maxPods">): number {
  return Math.ceil(maxPods / addressesPerPrefix) + 2;
}
