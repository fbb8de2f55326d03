import type { Network, PathNode } from "../dataPath/network.ts";

/** What `iptables-save` prints: little of Calico's in eBPF mode, and what kube-proxy wrote where it is still there. */
export function iptablesRules(network: Network, { bpf, faults }: PathNode): string {
  const isProxied = network.hasKubeProxy || faults.hasKubeProxyChains === true;
  const chains = isProxied
    ? network.services.map(({ name }) => ({
        name,
        chain: `KUBE-SVC-${Buffer.from(name).toString("hex").slice(0, 16).toUpperCase()}`,
      }))
    : [];
  return [
    "*nat",
    ":PREROUTING ACCEPT [0:0]",
    ":POSTROUTING ACCEPT [0:0]",
    ...chains.map(({ chain }) => `:${chain} - [0:0]`),
    ...chains.map(
      ({ name, chain }) => `-A KUBE-SERVICES -m comment --comment "${name} cluster IP" -j ${chain}`,
    ),
    "COMMIT",
    "*filter",
    ":INPUT ACCEPT [0:0]",
    ":FORWARD ACCEPT [0:0]",
    ":cali-INPUT - [0:0]",
    ...(bpf ? [] : [":cali-from-wl-dispatch - [0:0]"]),
    "COMMIT",
    "",
  ].join("\n");
}
