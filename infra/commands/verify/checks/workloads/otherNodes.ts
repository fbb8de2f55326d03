import type { Live } from "../../check.ts";
import { nodes } from "../../reading/nodes.ts";

/** Why nothing can be forwarded from one node to another; true: it can. */
export async function hasOtherNodes(live: Live): Promise<string | true> {
  const usable = (await nodes(live)).filter((one) => one.ready && one.operatingSystem === "linux");
  return usable.length > 1 ? true : "there is one node, and so none without a backend";
}

/** Evidence where not even the backend's own node answers the control plane. */
export function nothingFromOutside(port: number, why: string): string {
  return `the control plane reaches NodePort ${port} not even at its backend's own node, so that nothing can be said: ${why}; nodePorts.clients may leave the control plane's subnets out`;
}
