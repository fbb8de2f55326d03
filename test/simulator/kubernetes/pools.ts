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

function nameOf({ cidr }: Values, count: number): string {
  return count === 1 ? ownPool.name : String(cidr).replace("/", "-");
}
