import { at, type KubernetesObject } from "../../kubernetes/object.ts";
import type { Backend, ServicePort } from "../dataPath/network.ts";

interface RawPort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly nodePort?: number;
}

interface RawEndpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean };
}

/** What Calico makes of services and their endpoints, a row for each port. */
export function servicePorts(
  services: readonly KubernetesObject[],
  slices: readonly KubernetesObject[],
): ServicePort[] {
  const byService = Map.groupBy(slices, (slice) => {
    const { namespace, labels = {} } = slice.metadata;
    return `${namespace}/${labels["kubernetes.io/service-name"]}`;
  });
  return services.flatMap((service) => {
    const clusterIp = String(at(service, "spec.clusterIP") ?? "None");
    if (clusterIp === "None" || clusterIp === "") return [];
    const name = `${service.metadata.namespace}/${service.metadata.name}`;
    const ports = (at(service, "spec.ports") ?? []) as readonly RawPort[];
    const isLocal = at(service, "spec.externalTrafficPolicy") === "Local";
    return ports.map(
      (one): ServicePort => ({
        name: `${name}:${one.name ?? ""}`,
        clusterIp,
        port: one.port,
        protocol: one.protocol === "UDP" ? "udp" : "tcp",
        ...(one.nodePort === undefined ? {} : { nodePort: one.nodePort }),
        externalTrafficPolicy: isLocal ? "Local" : "Cluster",
        backends: backendsOf(byService.get(name) ?? [], one.name ?? ""),
      }),
    );
  });
}

function backendsOf(slices: readonly KubernetesObject[], portName: string): Backend[] {
  return slices.flatMap((slice) => {
    const ports = (slice["ports"] ?? []) as readonly RawPort[];
    const port = ports.find(({ name = "" }) => name === portName)?.port;
    const endpoints = (slice["endpoints"] ?? []) as readonly RawEndpoint[];
    if (port === undefined) return [];
    return endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses.map((ip) => ({ ip, port })));
  });
}
