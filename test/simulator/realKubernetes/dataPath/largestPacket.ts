import {
  hostMtu,
  isEncapsulated,
  type Network,
  nodeByName,
  type Place,
  podMtu,
  vxlanOverhead,
} from "./network.ts";

/** What becomes of a packet that must not be fragmented. */
export type Sent = "arrives" | "is too long for the interface" | "is lost";

/** Sends a packet of so many bytes from one pod to another. */
export function sendWhole(network: Network, from: Place, to: Place, bytes: number): Sent {
  const [source, target] = [nodeByName(network, from.node), nodeByName(network, to.node)];
  if (source === undefined || target === undefined) return "is lost";
  if (bytes > podMtu(network, source)) return "is too long for the interface";
  // The reply is as long.
  if (bytes > podMtu(network, target)) return "is lost";
  if (source.name === target.name) return "arrives";
  const room = isEncapsulated(network, source, target) ? hostMtu - vxlanOverhead : hostMtu;
  return bytes > room ? "is lost" : "arrives";
}
