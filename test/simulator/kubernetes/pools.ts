import type { Values } from "../protocol/provider.ts";

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

/** The pools of an Installation with the operator's defaults (tigera/operator pkg/controller/ippool/defaults.go, IPv4 only). */
export function filledPools(pools: unknown): Values[] {
  const given: readonly Values[] = Array.isArray(pools) ? pools : [ownPool];
  return given.map((pool) => ({ name: nameOf(pool, given.length), ...defaults, ...pool }));
}

/**
 * Why the operator installs nothing of an Installation; undefined: it does. Without BGP only Felix could program the routes
 * of a pool without VXLAN (pkg/controller/installation/validation.go).
 */
export function poolRefusal(calicoNetwork: Values): string | undefined {
  const { bgp, clusterRoutingMode, ipPools } = calicoNetwork;
  if (bgp !== "Disabled" || clusterRoutingMode === "Felix") return undefined;
  const [words] = filledPools(ipPools).flatMap(({ encapsulation }) => routed[String(encapsulation)] ?? []);
  return words && `Invalid Installation provided: with BIRD cluster routing mode, ${words}`;
}

const routed: Readonly<Record<string, string>> = {
  IPIP: "IPIP encapsulation requires that BGP is enabled",
  IPIPCrossSubnet: "IPIP encapsulation requires that BGP is enabled",
  None: "unencapsulated IP pools require that BGP is enabled",
};

function nameOf({ cidr }: Values, count: number): string {
  return count === 1 ? ownPool.name : String(cidr).replace("/", "-");
}
