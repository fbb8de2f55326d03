import type { ApiServerAddress, ExistingSettings } from "../../settings/existing.ts";
import { annotationPrefix, fieldManager } from "../../specs/annotations.ts";
import type { Found, Problem } from "../../values/problem.ts";
import { type ClusterSnapshot, defaultFelixSpec } from "./snapshot.ts";

/** How Calico was installed. */
export type CalicoKind = "manifest" | "operator";

type Wanted = Pick<ExistingSettings, "calico" | "kubeProxy">;

/** Namespace from which Calico reads the API server's address. */
export const endpointNamespaces = { operator: "tigera-operator", manifest: "kube-system" } as const;

/** How Calico was installed; undefined: not at all, or both ways. */
export function kindOf({
  operator,
  manifest,
}: Pick<ClusterSnapshot, "manifest" | "operator">): CalicoKind | undefined {
  if (operator !== undefined && manifest === undefined) return "operator";
  return manifest !== undefined && operator === undefined ? "manifest" : undefined;
}

/** Data of the ConfigMap from which Calico reads the API server's address. */
export function endpointData({ host, port }: ApiServerAddress) {
  return { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: String(port) } as const;
}

/**
 * The fields of FelixConfiguration `default` that are taken over, besides `bpfEnabled`. `awsSrcDstCheck` is never one:
 * without an IAM statement for it calico-node does not become ready, and Felix, when it is set to leave the check alone, does
 * not turn it on again.
 */
export function felixFields({ calico, kubeProxy }: Wanted): Readonly<Record<string, unknown>> {
  return {
    bpfExternalServiceMode: calico.externalService,
    ...(calico.dsrOptOutCidrs.length > 0 ? { bpfDSROptoutCIDRs: [...calico.dsrOptOutCidrs] } : {}),
    // Operator v1.44 sets the port to 0 where it is not set.
    ...(kubeProxy === "Running"
      ? { bpfKubeProxyIptablesCleanupEnabled: false, bpfKubeProxyHealthzPort: 0 }
      : { bpfKubeProxyHealthzPort: 10256 }),
  };
}

/** Seconds that calico-node may take on one node: its image is already present. */
const secondsPerNode = 60;

const leastRolloutSeconds = 600;

/**
 * Timeouts within which calico-node must restart on this number of nodes, one after the other. Not an annotation: the
 * number of nodes changes, and that is not a change to the cluster.
 */
export function rolloutTimeouts(nodeCount: number) {
  const seconds = `${Math.max(leastRolloutSeconds, nodeCount * secondsPerNode)}s`;
  return { create: seconds, update: seconds };
}

/** Marks an object that this program created, so that a later run recognises it. */
export const madeByUs = { "app.kubernetes.io/managed-by": "calico-ebpf-eks" } as const;

/** The part of an object that records who owns its fields. */
export interface Managed {
  readonly metadata?: { readonly managedFields?: readonly ManagedFields[] };
}

interface ManagedFields {
  readonly manager?: string;
  readonly fieldsV1?: unknown;
}

/** Field managers that own a field of an object; a path is made of names: `["spec", "bpfEnabled"]`. */
export function managersOf({ metadata }: Managed, path: readonly string[]): string[] {
  const entries = metadata?.managedFields ?? [];
  return entries.flatMap(({ manager, fieldsV1 }) =>
    manager !== undefined && inner(fieldsV1, path) !== undefined ? [manager] : [],
  );
}

/**
 * Whether this program is the only owner of a field: a field with another owner is not taken over. A second patch of an object has a
 * manager that the provider names; it is known by an annotation of this program, which it owns too.
 */
export function isOurs(object: Managed, path: readonly string[]): boolean {
  const managers = managersOf(object, path);
  return managers.length > 0 && managers.every((manager) => isOurManager(object, manager));
}

function isOurManager({ metadata }: Managed, manager: string): boolean {
  if (manager.startsWith(`${annotationPrefix}-`)) return true;
  const fields = metadata?.managedFields?.filter((one) => one.manager === manager) ?? [];
  return fields.some(({ fieldsV1 }) => ownsAnnotationOfOurs(fieldsV1));
}

function ownsAnnotationOfOurs(fields: unknown): boolean {
  const annotations = inner(fields, ["metadata", "annotations"]);
  return (
    typeof annotations === "object" &&
    annotations !== null &&
    Object.keys(annotations).some((key) => key.startsWith(`f:${annotationPrefix}/`))
  );
}

function inner(fields: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) =>
      typeof found === "object" && found !== null ? Reflect.get(found, `f:${name}`) : undefined,
    fields,
  );
}

/**
 * Annotations of a patch on an object of others: under a separate field manager, by which a later run recognises what this
 * program did, and which takes the fields over from any other owner. The checks have found that what remains is as before
 * when the field is given up (felix.ts, checks.ts).
 *
 * Only one patch of an object may name its field manager: the name is an annotation of the object. With two names a
 * refresh stores the one that is there with both patches, and the deletion of either gives up the same patch's fields
 * (pulumi-kubernetes 4.32 provider/pkg/provider/provider.go, Read and Delete). Every other patch uses `secondPatch`.
 */
export function takeOver(manager: string): Record<string, string> {
  return { ...fieldManager(manager), ...secondPatch };
}

/**
 * Annotations of a further patch of the same object. The provider gives it a field manager and keeps that in the state.
 * It must own an annotation of this program, by which a later run knows its fields.
 */
export const secondPatch = { "pulumi.com/patchForce": "true" } as const;

/** An address that only the dataplane can translate. */
export function serviceAddressProblems(
  { apiServerServiceIps }: ClusterSnapshot,
  { host }: ApiServerAddress,
): Found {
  if (!apiServerServiceIps.includes(host)) return [];
  return {
    path: "cluster.existing.apiServer.host",
    found: `${host} is the address of service kubernetes`,
    needs: "Calico must reach the API server before any service works",
    fix: "Set the API server's own address, or that of the load balancer in front of it",
  };
}

/** An existing ConfigMap with other values: releasing it would not restore them. */
export function endpointProblems({ endpoint }: ClusterSnapshot, address: ApiServerAddress): Problem[] {
  if (endpoint === undefined || endpoint.isOurs) return [];
  return Object.entries(endpointData(address))
    .filter(([key, value]) => endpoint.data[key] !== value)
    .map(([key, value]) => ({
      path: `ConfigMap kubernetes-services-endpoint, ${key}`,
      found: endpoint.data[key] ?? "not set",
      needs: `it must be ${value}, and a destroy could not restore the present value`,
      fix: `Set it to ${value}, or delete the ConfigMap if nothing uses it`,
    }));
}

/** Under eBPF, the node-local cache needs the DNS service's address excluded. */
export function nodeLocalDnsProblems({ daemonSets, dnsServiceIps, felix }: ClusterSnapshot): Problem[] {
  if (!daemonSets.includes("node-local-dns")) return [];
  const spec = defaultFelixSpec(felix);
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
