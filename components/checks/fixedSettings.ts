import { shown } from "../settings/formProblems.ts";
import type { FixedSettings, Previous, Settings } from "../settings/settings.ts";
import { usesVpcCni } from "../specs/vpcCni.ts";
import type { Problem } from "../values/problem.ts";

type Key = keyof FixedSettings;

interface Row {
  readonly path: (settings: Settings) => string;
  readonly needs: string;
  /** Whether this change from one value to another happens in place. */
  readonly mayChange?: (from: unknown, settings: Settings) => boolean;
}

const always = (path: string) => () => path;

const replacesCluster = "AWS would replace the whole cluster, and everything that runs in it would be lost";

const keepsPool =
  "Calico cannot change it on an existing pool; `pulumi up` would succeed without changing the pool";

/**
 * Sources: ForceNew of aws_eks_cluster and aws_vpc (hashicorp/terraform-provider-aws internal/service/eks/cluster.go, ec2/vpc_.go);
 * cidr and blockSize of a pool were seen to stay, with TigeraStatus ippools Degraded (operator v1.42.4); other changes of a
 * pool go through Calico's API server (tigera/operator pkg/controller/ippool).
 */
const rows: Readonly<Record<Key, Row>> = {
  region: { path: always("aws:region"), needs: replacesCluster },
  name: { path: always("cluster.name"), needs: replacesCluster },
  serviceCidr: { path: always("cluster.serviceCidr"), needs: replacesCluster },
  secretsKey: {
    path: always("cluster.secretsKey"),
    needs: `encryption can be added, but not changed or removed: ${replacesCluster}`,
    mayChange: (from) => from === "aws-owned",
  },
  vpc: {
    path: ({ network }) => (network.existing === undefined ? "network.vpcCidr" : "network.existing.vpcId"),
    needs: "a cluster cannot leave its VPC; AWS would replace the VPC and everything in it",
  },
  cni: {
    path: always("calico.cni"),
    needs: "running pods keep addresses and routes of the CNI that started them, and would lose the network",
  },
  podCidr: { path: always("calico.podCidr"), needs: keepsPool },
  blockSize: { path: always("calico.blockSize"), needs: keepsPool },
  encapsulation: {
    path: always("calico.encapsulation"),
    needs: "the operator changes a pool only through Calico's API server",
    mayChange: (_from, { calico }) => calico.apiServer,
  },
};

/** The settings that an `up` records in the stack's outputs. */
export function fixedSettings({ calico, cluster, network, region }: Settings): FixedSettings {
  const { cni, podCidr, blockSize, encapsulation } = calico;
  const { name, serviceCidr, secretsKey } = cluster;
  const vpc = network.existing?.vpcId ?? network.vpcCidr;
  const pods = !usesVpcCni({ calico }) ? { podCidr, blockSize, encapsulation } : { cni };
  return { region, name, serviceCidr, secretsKey, vpc, ...pods };
}

/**
 * Rules on what cannot change while the cluster exists. A destroyed stack has no outputs, and may be created again with
 * other values.
 */
export function fixedSettingsProblems(settings: Settings, previous: Previous | undefined): Problem[] {
  // An older release of this program had no other CNI.
  const before: Partial<FixedSettings> = previous === undefined ? {} : { cni: "Calico", ...previous.fixed };
  const now = { cni: settings.calico.cni, ...fixedSettings(settings) };
  return Object.entries(now).flatMap(([key, value]) => {
    const from = before[key as Key];
    const { path, needs, mayChange } = rows[key as Key];
    if (from === undefined || from === value || mayChange?.(from, settings) === true) return [];
    return {
      path: path(settings),
      found: `the cluster has ${shown(from)}, and the stack file says ${shown(value)}`,
      needs,
      fix: `Set it to ${shown(from)} again, or create another stack with the new value, move the workloads and destroy this one`,
    };
  });
}
