import type { Settings } from "../settings/settings.ts";
import type { Found, Problem } from "../values/problem.ts";

/** Bytes of one packet between EC2 instances in a VPC. Source: EC2 user guide, network_mtu (2026-11). */
const vpcMtu = 9001;

/** Bytes that VXLAN adds. Source: tigera/docs networking/configuring/mtu.mdx (2026-11). */
const vxlanHeader = 50;

/** Rules on how packets cross between nodes. */
export function dataplaneProblems({ calico, network }: Settings): Problem[] {
  return [encapsulation(calico), unencapsulated(calico, network), mtu(calico)].flat();
}

/** The router between the subnets of a VPC has no routes to pod addresses: no BGP, and none in its route tables. */
function unencapsulated(calico: Settings["calico"], { existing, nodeZones }: Settings["network"]): Found {
  const [path, subnets = []] =
    existing === undefined
      ? ["network.nodeZones", nodeZones]
      : ["network.existing.nodeSubnetIds", existing.nodeSubnetIds];
  if (calico.encapsulation !== "None" || subnets.length < 2) return [];
  return {
    path: "calico.encapsulation",
    found: "None needs one node subnet: a VPC does not route pod addresses from one subnet to another",
    needs: `${path} has ${subnets.length} (${subnets.join(", ")})`,
    fix: "Set encapsulation: VXLANCrossSubnet, which encapsulates between subnets only, or keep one",
  };
}

function encapsulation({ encapsulation: requested }: Settings["calico"]): Found {
  if (requested !== "IPIP" && requested !== "IPIPCrossSubnet") return [];
  const instead = requested === "IPIP" ? "VXLAN" : "VXLANCrossSubnet";
  return {
    path: "calico.encapsulation",
    found: `Calico does not recommend ${requested} under eBPF, where it performs poorly`,
    needs: "the nodes' security group does not allow it either",
    fix: `Set encapsulation: ${instead}`,
  };
}

function mtu({ mtu: requested, encapsulation: how }: Settings["calico"]): Found {
  const most = how === "None" ? vpcMtu : vpcMtu - vxlanHeader;
  if (requested === "auto" || requested <= most) return [];
  return {
    path: "calico.mtu",
    found: `${requested} bytes plus the ${vxlanHeader} of VXLAN do not fit into a packet`,
    needs: `a VPC carries ${vpcMtu} bytes`,
    fix: `Set mtu: ${most} or less, or auto`,
  };
}

/** Something has to serve services: eBPF, or kube-proxy on every node. */
export function kubeProxyProblems({ calico, kubeProxy }: Settings): Found {
  if (calico.dataplane === "BPF" || kubeProxy === "Running") return [];
  return {
    path: "kubeProxy",
    found: `${kubeProxy} leaves the cluster without a service handler`,
    needs: `calico.dataplane is ${calico.dataplane}, which needs kube-proxy on every node`,
    fix: "Set kubeProxy: Running, or calico.dataplane: BPF",
  };
}

/** Without a NAT gateway, Calico's images must come from a registry inside. */
export function wayOutProblems({ network, calico }: Settings): Found {
  const closed = network.natGateway === "None" && network.existing === undefined;
  if (!closed || calico.registry !== undefined) return [];
  return {
    path: "calico.registry",
    found: "no registry is set",
    needs: "network.natGateway is None, so nodes cannot reach quay.io",
    fix: "Mirror Calico's images to ECR and set its address here, or set network.natGateway: Single",
  };
}
