/** A rule of a security group, as a packet filter needs it. */
export interface PortRule {
  /** `-1`: every protocol. */
  readonly protocol: "tcp" | "udp" | "icmp" | "-1";
  /** First and last port. Default: all. */
  readonly ports?: readonly [number, number];
  /** Where packets may come from, or go to: CIDR blocks, each of IPv4. A group is the addresses of its members. */
  readonly peers: readonly string[];
}

/** Where a network interface is connected to the simulated VPC. */
export interface PortState {
  /** Interface of the VPC's side. */
  readonly device: string;
  /** Mark and routing table of what is sent to this interface. */
  readonly number: number;
  /** Hardware address of the machine's side. */
  readonly mac: string;
  /** The subnet's router. */
  readonly gateway: string;
  readonly ip: string;
  /** Blocks of further addresses that are assigned to it: `10.40.0.16/28`. Default: none. */
  readonly prefixes?: readonly string[];
  /** It may only send from its own addresses, and only get what is for them. */
  readonly sourceDestCheck: boolean;
  /** What its security groups let in and out. Absent: it belongs to none, as what is outside of the VPC. */
  readonly rules?: { readonly ingress: readonly PortRule[]; readonly egress: readonly PortRule[] };
}

/** Begins the hardware addresses of machines. */
export const macPrefix = "02:ec";

/** Names of the counters of what the source/destination check drops at a port. */
export const checkCounter = ({ device }: Pick<PortState, "device">) => `check_${device}`;

/** Names of the counters of what security groups drop at a port. */
export const rulesCounter = ({ device }: Pick<PortState, "device">) => `rules_${device}`;

/**
 * The packet filter of the VPC, for `nft -f`. Security groups are stateful, the source/destination check looks at each
 * packet. One table of connections stands for those of all interfaces: a packet belongs to a connection that either
 * end's groups have let begin.
 */
export function firewall(ports: readonly PortState[]): string {
  const chains = ports.flatMap((port) => [
    chain(`egress_${port.device}`, port, port.rules?.egress, "daddr"),
    chain(`ingress_${port.device}`, port, port.rules?.ingress, "saddr"),
  ]);
  const out = ports.map(({ device }) => `iifname "${device}" jump egress_${device}`);
  const into = ports.map(({ device }) => `oifname "${device}" jump ingress_${device}`);
  const checked = ports.filter(({ sourceDestCheck }) => sourceDestCheck);
  const hook = (name: string, lines: readonly string[]) => [
    `chain ${name} {`,
    `type filter hook ${name} priority filter; policy accept;`,
    ...lines,
    "}",
  ];
  return [
    ...taken(ports),
    "table ip vpc",
    "delete table ip vpc",
    "table ip vpc {",
    ...ports.flatMap((port) => [`counter ${checkCounter(port)} { }`, `counter ${rulesCounter(port)} { }`]),
    ...chains.flat(),
    "chain prerouting {",
    "type filter hook prerouting priority raw; policy accept;",
    ...(ports.length === 0
      ? []
      : [
          `meta mark set ether daddr map { ${ports.map(({ mac, number }) => `${mac} : ${number}`).join(", ")} }`,
        ]),
    "}",
    ...hook("forward", [
      ...checked.map(checkOfSource),
      ...checked.map(checkOfDestination),
      "ct state established,related accept",
      ...out,
      ...into,
    ]),
    ...hook("input", [
      ...checked.map(checkOfSource),
      "ct state established,related accept",
      "ip daddr { 169.254.169.254, 169.254.170.23 } accept",
      ...out,
    ]),
    ...hook("output", [...checked.map(checkOfDestination), "ct state established,related accept", ...into]),
    "}",
    "",
  ].join("\n");
}

/** Frames for another machine are taken in as if they were for the VPC's side, which sends them on. */
function taken(ports: readonly PortState[]): string[] {
  const chains = ports.map(({ device }) =>
    [
      `chain ${device} {`,
      `type filter hook ingress device "${device}" priority filter; policy accept;`,
      `ether daddr & ff:ff:00:00:00:00 == ${macPrefix}:00:00:00:00 meta pkttype set unicast`,
      "}",
    ].join("\n"),
  );
  return ["table netdev vpc", "delete table netdev vpc", "table netdev vpc {", ...chains, "}"];
}

function checkOfSource(port: PortState): string {
  return `iifname "${port.device}" ip saddr != ${addressesOf(port)} counter name ${checkCounter(port)} drop`;
}

function checkOfDestination(port: PortState): string {
  return `oifname "${port.device}" ip daddr != ${addressesOf(port)} counter name ${checkCounter(port)} drop`;
}

function addressesOf({ ip, prefixes = [] }: PortState): string {
  return prefixes.length === 0 ? ip : `{ ${[ip, ...prefixes].join(", ")} }`;
}

function chain(
  name: string,
  port: PortState,
  rules: readonly PortRule[] | undefined,
  side: "saddr" | "daddr",
): string[] {
  if (rules === undefined) return [`chain ${name} { }`];
  const allowed = rules.flatMap(({ protocol, ports, peers }) => {
    if (peers.length === 0) return [];
    const [first, last] = ports ?? [0, 65_535];
    const range = first === 0 && last === 65_535 ? "" : ` ${protocol} dport ${first}-${last}`;
    const what = protocol === "-1" ? "" : `meta l4proto ${protocol}${protocol === "icmp" ? "" : range}`;
    return [`ip ${side} { ${merged(peers).join(", ")} } ${what} return`];
  });
  return [`chain ${name} {`, ...allowed, `counter name ${rulesCounter(port)} drop`, "}"];
}

/** Without twins, which nft takes for a mistake; everything takes the place of all others. */
function merged(peers: readonly string[]): string[] {
  return peers.includes("0.0.0.0/0") ? ["0.0.0.0/0"] : [...new Set(peers)];
}
