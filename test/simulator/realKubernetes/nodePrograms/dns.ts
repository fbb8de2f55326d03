import { isIPv4 } from "node:net";
import { at } from "../../kubernetes/object.ts";
import type { Client } from "../dataPath/connect.ts";
import type { Spot } from "./images.ts";

/** The resolver that every VPC has. */
const vpcResolver = "169.254.169.253";

/** Any address of the internet will do. */
const somewhere = "198.51.100.7";

export type Resolved =
  | { readonly ip: string; readonly server: string }
  | { readonly why: "timeout" | "no such name" };

/** A client in a pod, about to open a connection. */
export function clientIn({ pod, node, nodes }: Spot): Client {
  const isPod = at(pod, "spec.hostNetwork") !== true;
  const ip = isPod ? String(at(pod, "status.podIP")) : node.ip;
  return { ip, port: nodes.nextPort(), node: node.name, isPod };
}

/** Asks the resolver of a pod for an address. */
export function resolved(spot: Spot, name: string): Resolved {
  if (isIPv4(name)) return { ip: name, server: "" };
  const { pod, nodes } = spot;
  const asksVpc = at(pod, "spec.hostNetwork") === true || at(pod, "spec.dnsPolicy") === "Default";
  const server = asksVpc
    ? vpcResolver
    : String(at(nodes.service("kube-system", "kube-dns"), "spec.clusterIP"));
  if (!asksVpc) {
    const asked = nodes.connect(clientIn(spot), { ip: server, port: 53, protocol: "udp" });
    if (!asked.ok || nodes.podAt(asked.to.ip, 53) === undefined) return { why: "timeout" };
  }
  const ip = asksVpc ? undefined : serviceAddress(spot, name);
  if (ip !== undefined) return { ip, server };
  if (name === nodes.surroundings.endpointHost() || name.includes(".amazonaws.com")) {
    return { ip: somewhere, server };
  }
  return { why: "no such name" };
}

/** Of `service.namespace.svc`, with or without the cluster's domain. */
function serviceAddress({ nodes }: Spot, name: string): string | undefined {
  const [, service = "", namespace = ""] =
    /^([^.]+)\.([^.]+)(?:\.svc(?:\.cluster\.local\.?)?)?$/.exec(name) ?? [];
  const found = at(nodes.service(namespace, service), "spec.clusterIP");
  return typeof found === "string" ? found : undefined;
}
