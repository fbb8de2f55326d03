import { amis } from "../facts/amis.ts";
import type { NodePoolSettings, ReleasedPool } from "../settings/settings.ts";
import { blockDevices, nodeUserData } from "./nodeGroup.ts";

/** Kind and version of Karpenter's own objects. Source: aws/karpenter-provider-aws 1.14.1 pkg/apis/crds. */
export const nodeClassKind = { apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass" } as const;
export const nodePoolKind = { apiVersion: "karpenter.sh/v1", kind: "NodePool" } as const;

/** Nodes that Karpenter may start for a pool, in addition to those of its node group; the rules on addresses count `max`. */
export function karpenterNodes({ size: { desired, max } }: Pick<NodePoolSettings, "size">): number {
  return Math.max(0, max - desired);
}

/**
 * The release of a pool as an alias of Karpenter, so that its nodes get the image of the node group's. Source:
 * aws/karpenter-provider-aws 1.14.1 pkg/providers/amifamily/{al2023,bottlerocket}.go. Read 2026-11-28.
 * @throws Error for a release that the checks refuse
 */
export function amiAlias({ family, amiRelease }: Pick<ReleasedPool, "amiRelease" | "family">): string {
  const { date, version } =
    /^\d+\.\d+\.\d+-(?<date>20\d{6})$|^(?<version>\d+\.\d+\.\d+)-[0-9a-f]{8}$/.exec(amiRelease)?.groups ?? {};
  if (family === "AL2023" && date !== undefined) return `al2023@v${date}`;
  if (family === "Bottlerocket" && version !== undefined) return `bottlerocket@v${version}`;
  throw new Error(`${amiRelease} is not a release of ${family}`);
}

export interface NodeClassArgs<Id> {
  readonly pool: ReleasedPool;
  readonly instanceProfile: Id;
  readonly subnetIds: readonly Id[];
  readonly securityGroupIds: readonly Id[];
  /** Tags of instances, volumes and network interfaces. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Size of a volume that is the AMI's in a node group: Karpenter's API wants one, and this is its own default. */
const systemDeviceSize = "4Gi";

/**
 * What a node is started from: the same image, volumes, metadata service, user data and groups as the node group's. The
 * subnets are those in which Felix may turn the source/destination check off.
 */
export function nodeClassSpec<Id>({
  pool,
  instanceProfile,
  subnetIds,
  securityGroupIds,
  tags,
}: NodeClassArgs<Id>) {
  const { dataDevice } = amis[pool.family];
  return {
    amiSelectorTerms: [{ alias: amiAlias(pool) }],
    instanceProfile,
    subnetSelectorTerms: subnetIds.map((id) => ({ id })),
    securityGroupSelectorTerms: securityGroupIds.map((id) => ({ id })),
    blockDeviceMappings: blockDevices(pool).map(({ deviceName }) => ({
      deviceName,
      ebs: {
        encrypted: true,
        volumeType: "gp3",
        deleteOnTermination: true,
        volumeSize: deviceName === dataDevice ? `${pool.diskGib}Gi` : systemDeviceSize,
      },
    })),
    metadataOptions: {
      httpEndpoint: "enabled",
      httpProtocolIPv6: "disabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    },
    // Karpenter has to know it, to see how many pods fit.
    kubelet: { maxPods: pool.maxPods },
    userData: nodeUserData(pool),
    tags: { ...tags },
  };
}

const architectures = { x86_64: "amd64", arm64: "arm64" } as const;
const capacityTypes = { ON_DEMAND: "on-demand", SPOT: "spot" } as const;

/**
 * Which nodes Karpenter starts for a pool. There is no taint that Calico would remove: a node has the kubelet's
 * `node.kubernetes.io/not-ready` until Calico's plugin is there, and Karpenter knows that taint as one that goes away
 * (kubernetes-sigs/karpenter 1.14 pkg/scheduling/taints.go). Nodes are replaced when `up` changes the release, not by age.
 * A node that is to go drains for as long as a node group's would, then goes, so that a destroy ends.
 */
export function nodePoolSpec(name: string, pool: NodePoolSettings) {
  const [group] = nodeClassKind.apiVersion.split("/");
  const { architecture, capacity, instanceTypes, labels, taints } = pool;
  return {
    template: {
      metadata: { labels: { ...labels } },
      spec: {
        nodeClassRef: { group, kind: nodeClassKind.kind, name },
        requirements: [
          isOneOf("node.kubernetes.io/instance-type", instanceTypes),
          isOneOf("kubernetes.io/arch", [architectures[architecture]]),
          isOneOf("kubernetes.io/os", ["linux"]),
          isOneOf("karpenter.sh/capacity-type", [capacityTypes[capacity]]),
        ],
        taints: taints.map(({ key, value, effect }) => ({
          key,
          // The same to Kubernetes, but a NodePool does not take an empty one.
          ...(value === undefined || value === "" ? {} : { value }),
          effect,
        })),
        expireAfter: "Never",
        terminationGracePeriod: "15m",
      },
    },
    limits: { nodes: String(karpenterNodes(pool)) },
    disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "1m" },
  };
}

function isOneOf(key: string, values: readonly string[]) {
  return { key, operator: "In", values: [...values] };
}
