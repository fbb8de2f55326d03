import type { ApiServerAddress } from "../../settings/existingSettings.ts";
import type { Problem } from "../../values/problem.ts";
import { endpointData } from "./plan.ts";
import type { ClusterSnapshot } from "./snapshot.ts";

/** An address that only the dataplane itself could translate. */
export function serviceAddressProblems(
  { apiServerServiceIps }: ClusterSnapshot,
  { host }: ApiServerAddress,
): Problem[] {
  if (!apiServerServiceIps.includes(host)) return [];
  return [
    {
      path: "cluster.existing.apiServer.host",
      found: `${host} is the address of service kubernetes`,
      needs: "Calico has to reach the API server before any service works",
      fix: "Set the API server's own address, or that of the load balancer in front of it",
    },
  ];
}

/** A ConfigMap that is there and says something else: giving it up would not bring that back. */
export function endpointProblems({ endpoint }: ClusterSnapshot, address: ApiServerAddress): Problem[] {
  if (endpoint === undefined || endpoint.isOurs) return [];
  return Object.entries(endpointData(address))
    .filter(([key, value]) => endpoint.data[key] !== value)
    .map(([key, value]) => ({
      path: `ConfigMap kubernetes-services-endpoint, ${key}`,
      found: endpoint.data[key] ?? "nothing is set",
      needs: `it is to be ${value}, and a destroy could not put back what it is now`,
      fix: `Set it to ${value}, or delete the ConfigMap if nobody needs it`,
    }));
}

/** Under eBPF the node-local cache needs the DNS service's address left alone. */
export function nodeLocalDnsProblems({ daemonSets, dnsServiceIps, felix }: ClusterSnapshot): Problem[] {
  if (!daemonSets.includes("node-local-dns")) return [];
  const spec = felix?.configurations.find(({ name }) => name === "default")?.spec ?? {};
  const excluded: unknown = spec["bpfExcludeCIDRsFromNAT"];
  const missing = dnsServiceIps
    .map((ip) => `${ip}/${ip.includes(":") ? 128 : 32}`)
    .filter((cidr) => !(Array.isArray(excluded) && excluded.includes(cidr)));
  return missing.map((cidr) => ({
    path: "FelixConfiguration default, spec.bpfExcludeCIDRsFromNAT",
    found: `it lacks ${cidr}`,
    needs:
      "NodeLocal DNSCache answers at the DNS service's address on every node, which eBPF would translate away",
    fix: `Add ${cidr} to it`,
  }));
}
