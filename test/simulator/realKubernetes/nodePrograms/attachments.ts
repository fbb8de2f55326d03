import { createHash } from "node:crypto";
import { at } from "../../kubernetes/object.ts";
import type { Spot } from "./images.ts";

/** An interface of a node that Calico's programs are on. */
interface Interface {
  readonly index: number;
  readonly name: string;
  /** Of a pod on this node; undefined: the node's own. */
  readonly podIp?: string;
}

/** The node's own interfaces, then those of its pods. */
export function interfacesOf({ node, nodes }: Spot): Interface[] {
  const pods = nodes.podsOn(node.name).map((pod, at_): Interface => {
    const digest = createHash("sha1").update(`${pod.metadata.namespace}.${pod.metadata.name}`).digest("hex");
    return { index: 10 + at_, name: `cali${digest.slice(0, 11)}`, podIp: String(at(pod, "status.podIP")) };
  });
  return [{ index: 2, name: "ens5" }, { index: 4, name: "vxlan.calico" }, ...pods];
}

/** What `bpftool net` prints: the programs at each interface. */
export function programsOf(spot: Spot): string {
  const rows = spot.node.bpf
    ? interfacesOf(spot).flatMap(({ index, name }) => [
        `${name}(${index}) tcx/ingress cali_tc_preambl prog_id ${100 + index} link_id ${200 + index}`,
        `${name}(${index}) tcx/egress cali_tc_preambl prog_id ${300 + index} link_id ${400 + index}`,
      ])
    : [];
  return ["xdp:", "", "tc:", ...rows, "", "flow_dissector:", "", "netfilter:", "", ""].join("\n");
}

/** What `calico-node -bpf ifstate dump` prints (projectcalico/calico felix/bpf/ifstate/map.go). */
export function ifstateDump(interfaces: readonly Interface[]): string {
  return interfaces
    .map(({ index, name, podIp }, at_) => {
      const flags = podIp === undefined ? "host," : "workload,ready,";
      const policies = `XDPPolicyV4: -1, IngressPolicyV4: ${at_}, EgressPolicyV4: ${at_}, XDPPolicyV6: -1, IngressPolicyV6: -1, EgressPolicyV6: -1`;
      return `${String(index).padStart(5)} : {flags: ${flags} ${policies}, IngressFilter: -1, EgressFilter: -1, name: ${name}}\n`;
    })
    .join("");
}

/** What `calico-node -bpf routes dump` prints (projectcalico/calico felix/bpf/routes/map.go). */
export function routesDump(spot: Spot): string {
  const { node, nodes } = spot;
  const network = nodes.network();
  const hosts = network.nodes.map(({ name, ip }) => [ip, name === node.name ? "local host" : "remote host"]);
  const local = interfacesOf(spot).flatMap(({ podIp, index }) =>
    podIp === undefined ? [] : [[podIp, `local workload in-pool nat-out idx ${index}`]],
  );
  return [...hosts, ...local].map(([ip, text]) => `${`${ip}/32`.padStart(15)}: ${text}\n`).join("");
}
