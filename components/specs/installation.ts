import { typhaMetricsPort } from "../checks/hostPorts.ts";
import { assignsPodAddresses } from "../checks/podNetwork.ts";
import { amis } from "../facts/amis.ts";
import type { Settings } from "../settings/settings.ts";

/** Name of the one IP pool; the operator's own default has it too. */
const poolName = "default-ipv4-ippool";

/** Spec of the operator's Installation `default`. */
export function installationSpec(settings: Pick<Settings, "calico" | "nodePools" | "observability">) {
  const { calico, nodePools } = settings;
  const typhaPort = typhaMetricsPort(settings);
  return {
    variant: "Calico",
    // Both are explicit: detection fails with authentication mode API, and for EKS it would choose the VPC CNI.
    kubernetesProvider: "EKS",
    cni: { type: calico.cni, ipam: { type: calico.cni } },
    ...(calico.registry === undefined ? {} : { registry: `${calico.registry}/` }),
    flexVolumePath: flexVolumePath(nodePools),
    kubeletVolumePluginPath: "None",
    ...(calico.metricsPort === null ? {} : { nodeMetricsPort: calico.metricsPort }),
    ...(typhaPort === null ? {} : { typhaMetricsPort: typhaPort }),
    calicoNetwork: {
      linuxDataplane: calico.dataplane,
      bgp: "Disabled",
      ...(assignsPodAddresses({ calico }) ? podAddresses(calico) : {}),
      nodeAddressAutodetectionV4: { kubernetes: "NodeInternalIP" },
    },
  };
}

/**
 * How Calico assigns pod addresses and carries their packets. The operator accepts none of it with another CNI: no pool but
 * one that does nothing, and no host ports (tigera/operator pkg/controller/installation/validation.go).
 */
function podAddresses({ blockSize, encapsulation, mtu, podCidr }: Settings["calico"]) {
  return {
    // Without encapsulation the routes must be programmed, and there is no BGP (tigera/operator api/v1/installation_types.go).
    ...(encapsulation === "None" ? { clusterRoutingMode: "Felix" } : {}),
    ...(mtu === "auto" ? {} : { mtu }),
    // Every field of the pool is given: the operator fills in what is left out and then owns it, and the next update
    // of the Installation fails with a conflict (measured with operator v1.42.4).
    ipPools: [
      {
        name: poolName,
        cidr: podCidr,
        encapsulation,
        natOutgoing: "Enabled",
        blockSize,
        nodeSelector: "all()",
        allowedUses: ["Workload", "Tunnel"],
        assignmentMode: "Automatic",
        disableBGPExport: false,
        disableNewAllocations: false,
      },
    ],
  };
}

/** The path that all pools share; None, which turns the driver off, when they differ. */
function flexVolumePath(pools: Settings["nodePools"]): string {
  const paths = new Set(Object.values(pools).map(({ family }) => amis[family].flexVolumePath));
  const [path = "None", ...others] = paths;
  return others.length === 0 ? path : "None";
}

/** API version of the operator's own kinds. */
export const operatorApi = "operator.tigera.io/v1";

/** Type of the component that contains the Installation; formerly also of what is behind its gate. */
export const dataplaneType = "calico-ebpf-eks:index:Dataplane";
