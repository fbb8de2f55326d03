/** A connection to a service in a node's table, as far as it was forwarded from node to node. */
export interface ForwardedConnection {
  /** Address that the client asked. */
  readonly askedIp: string;
  /** The other node; `0.0.0.0`: the connection was not forwarded. */
  readonly tunnelIp: string;
  /** Flags by name: `fwd-dsr`, `np-fwd`. */
  readonly flags: readonly string[];
  /** Whether a reply has passed through this node. */
  readonly sawReplies: boolean;
}

/**
 * Reads the lines of `calico-node -bpf conntrack dump --raw` that hold a translated connection. Format: projectcalico/calico v3.32.1 felix/bpf/conntrack/v4/map.go, Value.String.
 */
export function forwardedConnections(dump: string): ForwardedConnection[] {
  return dump.split("\n").flatMap((line) => {
    const [, flags] = /Entry\{Type:2,.*?Flags:(.*?) Data: /.exec(line) ?? [];
    const [, askedIp] = /\bOrigDst:(\S+)/.exec(line) ?? [];
    const [, tunnelIp] = /\bTunIP:([^\s}]+)/.exec(line) ?? [];
    if (flags === undefined || askedIp === undefined || tunnelIp === undefined) return [];
    const legs = [...line.matchAll(/[AB]2[AB]:\{(.*?)\}/g)].map(([, leg = ""]) => leg);
    const reply = legs.find((leg) => leg.includes("Opener:false")) ?? "";
    // B-A only says which end is written first.
    const names = flags.split(" ").filter((word) => /^[a-z]/.test(word));
    return [{ askedIp, tunnelIp, flags: names, sawReplies: reply.includes("SynSeen:true") }];
  });
}
