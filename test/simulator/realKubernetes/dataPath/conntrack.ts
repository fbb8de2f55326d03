/** A connection as a node's table has it, after its addresses were translated. */
export interface TrackedConnection {
  readonly protocol: "tcp" | "udp";
  readonly client: { readonly ip: string; readonly port: number };
  /** What the client asked for. */
  readonly asked: { readonly ip: string; readonly port: number };
  readonly backend: { readonly ip: string; readonly port: number };
  /** The other node of a forwarded request: the backend's on the node that got it, and the other way round. */
  readonly tunnelIp?: string;
  readonly flags: readonly ConnectionFlag[];
  /** Whether replies have passed through this node. */
  readonly sawReplies: boolean;
}

export type ConnectionFlag = keyof typeof flagBits;

/** Bits of a table entry's flags (projectcalico/calico felix/bpf/conntrack/v4/map.go). */
const flagBits = {
  "fwd-dsr": 0x2,
  "np-fwd": 0x4,
  "ext-local": 0x40,
  "B-A": 0x100,
  "no-dsr": 0x2000,
} as const;

const reverseType = 2;

/**
 * The lines of `calico-node -bpf conntrack dump --raw`. Of the two ends of an entry the smaller address comes first, and
 * flag B-A says when that is not the client.
 */
export function conntrackDump(connections: readonly TrackedConnection[]): string {
  return connections.map((one) => `${forwardLine(one)}\n${reverseLine(one)}\n`).join("");
}

function forwardLine({ protocol, client, asked, backend }: TrackedConnection): string {
  const key = keyOf(protocol, client, asked);
  const reverse = keyOf(protocol, client, backend);
  return `${key.text} -> Entry{Type:1, LastSeen:71000000000, Flags:${flagText(key.isSwapped ? ["B-A"] : [])} REVKey: ${reverse.text} NATSPort: 0} Active ago 1.2s`;
}

function reverseLine(connection: TrackedConnection): string {
  const { protocol, client, asked, backend, tunnelIp = "0.0.0.0", flags, sawReplies } = connection;
  const { text, isSwapped } = keyOf(protocol, client, backend);
  const request = leg(true, true);
  const reply = leg(sawReplies, false);
  const [a, b] = isSwapped ? [reply, request] : [request, reply];
  const all = isSwapped ? [...flags, "B-A" as const] : flags;
  const state = protocol === "udp" ? "" : sawReplies ? " ESTABLISHED" : " SYN-SENT";
  return `${text} -> Entry{Type:${reverseType}, LastSeen:71000000000, Flags:${flagText(all)} Data: {A2B:${a} B2A:${b} OrigDst:${asked.ip} OrigSrc:0.0.0.0 OrigPort:${asked.port} OrigSPort:0 TunIP:${tunnelIp}}} Active ago 1.2s${state}`;
}

function leg(isSeen: boolean, isOpener: boolean): string {
  return `{Bytes:0 Packets:0 Seqno:${isSeen ? 2912839 : 0} SynSeen:${isSeen} AckSeen:${isSeen} FinSeen:false RstSeen:false Approved:true Opener:${isOpener} Workload:false Ifindex:${isSeen ? 2 : 0}}`;
}

interface End {
  readonly ip: string;
  readonly port: number;
}

function keyOf(protocol: "tcp" | "udp", client: End, other: End) {
  const isSwapped = numberOf(client.ip) > numberOf(other.ip);
  const [a, b] = isSwapped ? [other, client] : [client, other];
  const number = protocol === "tcp" ? 6 : 17;
  return {
    isSwapped,
    text: `ConntrackKey{proto=${number} ${a.ip}:${a.port} <-> ${b.ip}:${b.port}}`,
  };
}

function numberOf(ip: string): number {
  return ip.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function flagText(flags: readonly ConnectionFlag[]): string {
  if (flags.length === 0) return " <none>";
  const bits = flags.reduce((sum, flag) => sum + flagBits[flag], 0);
  return ` 0x${bits.toString(16)} ${flags.join(" ")}`;
}
