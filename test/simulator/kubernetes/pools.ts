import type { Values } from "../protocol/provider.ts";
import { at } from "./object.ts";

const calico = "Calico";

/** The pool that the operator makes on EKS when none is named. */
const ownPool = { name: "default-ipv4-ippool", cidr: "172.16.0.0/16", encapsulation: "VXLAN" };

/** What the operator fills into a pool, each only where nothing is said. */
const defaults = {
  encapsulation: "IPIP",
  natOutgoing: "Enabled",
  blockSize: 26,
  nodeSelector: "all()",
  allowedUses: ["Workload", "Tunnel"],
  assignmentMode: "Automatic",
  disableBGPExport: false,
  disableNewAllocations: false,
};

/**
 * The pools of an Installation with the operator's defaults (tigera/operator pkg/controller/ippool/defaults.go, IPv4 only);
 * undefined: another CNI assigns addresses, and none are named.
 */
export function filledPools(pools: unknown, cni: string = calico): Values[] | undefined {
  if (!Array.isArray(pools) && cni !== calico) return undefined;
  const given: readonly Values[] = Array.isArray(pools) ? pools : [ownPool];
  return given.map((pool) => ({ name: nameOf(pool, given.length), ...defaults, ...pool }));
}

/** The CNI of an Installation's spec. */
export function cniOf(spec: unknown): string {
  return String(at(spec, "cni.type") ?? calico);
}

/** Why the operator installs nothing of an Installation; undefined: it does (pkg/controller/installation/validation.go). */
export function installationRefusal(spec: unknown): string | undefined {
  const network = (at(spec, "calicoNetwork") ?? {}) as Values;
  const words = cniOf(spec) === calico ? routingRefusal(network) : foreignRefusal(spec, network);
  return words && `Invalid Installation provided: ${words}`;
}

/** Without BGP only Felix could program the routes of a pool without VXLAN. */
function routingRefusal({ bgp, clusterRoutingMode, ipPools }: Values): string | undefined {
  if (bgp !== "Disabled" || clusterRoutingMode === "Felix") return undefined;
  const pools = filledPools(ipPools) ?? [];
  const [words] = pools.flatMap(({ encapsulation }) => routed[String(encapsulation)] ?? []);
  return words && `with BIRD cluster routing mode, ${words}`;
}

/** Another CNI assigns addresses, and carries packets. */
function foreignRefusal(spec: unknown, { bgp, hostPorts, ipPools }: Values): string | undefined {
  const cni = cniOf(spec);
  const ipam = String(at(spec, "cni.ipam.type") ?? cni);
  if (ipam !== cni) {
    return `spec.cni.ipam.type  ${ipam} is not compatible with spec.cni.type ${cni}, valid IPAM values ${cni}`;
  }
  const pools = filledPools(ipPools, cni) ?? [];
  const wrong = pools.find(({ encapsulation }) => encapsulation !== "None");
  if (wrong !== undefined) {
    return `${wrong["encapsulation"]} is invalid for ipPool.encapsulation when using non-Calico CNI, should be None`;
  }
  // The operator looks at BGP only for a pool.
  if (bgp === "Enabled" && pools.length > 0) return "BGP is not supported when using non-Calico CNI";
  return hostPorts === "Enabled"
    ? "spec.calicoNetwork.hostPorts is supported only for Calico CNI"
    : undefined;
}

const routed: Readonly<Record<string, string>> = {
  IPIP: "IPIP encapsulation requires that BGP is enabled",
  IPIPCrossSubnet: "IPIP encapsulation requires that BGP is enabled",
  None: "unencapsulated IP pools require that BGP is enabled",
};

function nameOf({ cidr }: Values, count: number): string {
  return count === 1 ? ownPool.name : String(cidr).replace("/", "-");
}
