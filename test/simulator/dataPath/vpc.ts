import { must } from "./command.ts";
import {
  checkCounter,
  firewall,
  macPrefix,
  type PortRule,
  type PortState,
  rulesCounter,
} from "./firewall.ts";
import { NamespaceSockets } from "./sockets.ts";
import { Space, type SpaceOptions } from "./space.ts";

/** How a machine is connected. */
export interface Connection {
  readonly ip: string;
  /** Length of the subnet's prefix. */
  readonly prefixLength: number;
  /** The subnet's router: its first address. */
  readonly gateway: string;
  /** Default: 9001, as within a VPC. */
  readonly mtu?: number;
  /** Default: off. */
  readonly sourceDestCheck?: boolean;
  /** Default: everything passes. */
  readonly rules?: { readonly ingress: readonly PortRule[]; readonly egress: readonly PortRule[] };
}

/** Largest packet within a VPC, in bytes (AWS: Network maximum transmission unit for your EC2 instance). */
const vpcMtu = 9001;

/** Hardware address of a machine's interface: the address's bytes after the prefix. */
export function macOf(ip: string): string {
  const bytes = ip.split(".").map((part) => Number(part).toString(16).padStart(2, "0"));
  return [macPrefix, ...bytes].join(":");
}

/** Bytes and packets that a machine has sent and received since it was connected. */
export interface Traffic {
  readonly sentBytes: number;
  readonly sentPackets: number;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
}

interface LinkStatistics {
  readonly ifname: string;
  readonly stats64: Record<"rx" | "tx", { readonly bytes: number; readonly packets: number }>;
}

/**
 * The simulated network: a namespace to which each machine has its own link, as to the hypervisor's side of a VPC. It
 * routes between them, whatever subnet they are in, and answers for every address that is connected when a machine asks
 * who has it. What a machine sends to another interface of its subnet gets there whatever its address, such as an
 * unencapsulated pod's; what it sends to the subnet's router goes by address. Security groups and source/destination
 * checks are enforced on every packet.
 */
export class Vpc {
  readonly space: Space;
  readonly sockets: NamespaceSockets;
  readonly #ports = new Map<string, PortState>();
  readonly #machines = new Map<string, Space>();
  #made = 0;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(space: Space) {
    this.space = space;
    this.sockets = new NamespaceSockets(space);
  }

  static async start(options: SpaceOptions): Promise<Vpc> {
    const space = await Space.start(options);
    const settings = [
      ...["ip_forward=1", "conf.all.rp_filter=0", "conf.default.rp_filter=0"],
      ...["conf.all.send_redirects=0", "conf.default.send_redirects=0"],
    ].map((setting) => `net.ipv4.${setting}`);
    // Packets of the nodes' own programs have their checksums filled in only at the far end.
    await space.must(["sysctl", "-qw", ...settings, "net.netfilter.nf_conntrack_checksum=0"]);
    return new Vpc(space);
  }

  /** Addresses that the VPC itself answers at: instance metadata, endpoints of AWS, the control plane. */
  async own(ip: string): Promise<void> {
    await this.space.must(["ip", "address", "replace", `${ip}/32`, "dev", "lo"]);
  }

  /** Gives a machine its `eth0`. */
  async connect(machine: Space, connection: Connection): Promise<void> {
    const { ip, prefixLength, gateway } = connection;
    this.#machines.set(machine.name, machine);
    await this.attach(machine, machine.name, "eth0", connection);
    const far = [
      `ip address add ${ip}/${prefixLength} dev eth0`,
      "ip link set eth0 up",
      `ip route add default via ${gateway}`,
    ];
    await machine.must(["sh", "-ec", far.join("\n")]);
    // Of two machines that are connected at once, the second sees the first.
    const neighbours = [...this.#ports].filter(
      ([name, other]) => other.gateway === gateway && name !== machine.name && this.#machines.has(name),
    );
    await this.#introduce(machine, ip, neighbours);
  }

  /**
   * Gives a machine an interface that is down and has no address, as EC2 attaches one.
   * @param name of its port
   * @param farDevice `eth1`
   */
  async attach(machine: Space, name: string, farDevice: string, connection: Connection): Promise<void> {
    const { ip, gateway, mtu = vpcMtu, sourceDestCheck = false, rules } = connection;
    const number = ++this.#made;
    const device = `port${number}`;
    const port = { device, number, gateway, mac: macOf(ip), ip, sourceDestCheck };
    // Both ends at once in their namespaces: this machine may have an eth0, too.
    await this.#outside([
      ...["link", "add", device, "mtu", String(mtu), "netns", String(this.space.pid), "type", "veth"],
      ...["peer", "name", farDevice, "address", port.mac, "mtu", String(mtu), "netns", String(machine.pid)],
    ]);
    const near = [
      `ip address add ${gateway}/32 dev ${device}`,
      `ip link set ${device} up`,
      `sysctl -qw net.ipv4.conf.${device}.proxy_arp=1 net.ipv4.neigh.${device}.proxy_delay=0`,
      `ip route replace ${ip}/32 dev ${device}`,
      `ip route replace default via ${ip} dev ${device} onlink table ${number}`,
      `ip rule add fwmark ${number} table ${number}`,
    ];
    await this.space.must(["sh", "-ec", near.join("\n")]);
    this.#ports.set(name, { ...port, ...(rules === undefined ? {} : { rules }) });
    await this.#write();
  }

  /** Machines of one subnet know each other's interface, as AWS answers for each. */
  async #introduce(
    machine: Space,
    ip: string,
    neighbours: readonly (readonly [name: string, port: PortState])[],
  ): Promise<void> {
    const knows = (ip: string) => `ip neigh replace ${ip} lladdr ${macOf(ip)} dev eth0 nud permanent`;
    await machine.must(["sh", "-ec", [":", ...neighbours.map(([, other]) => knows(other.ip))].join("\n")]);
    // One that is about to end needs no neighbours.
    await Promise.all(neighbours.map(([name]) => this.#machines.get(name)?.run(["sh", "-c", knows(ip)])));
  }

  /** Forgets a machine that is gone, and its links with it. */
  async disconnect(machine: string): Promise<void> {
    this.#machines.delete(machine);
    await this.detach(machine, []);
  }

  /** Takes away the interfaces of a machine, except for those at some ports. */
  async detach(machine: string, kept: readonly string[]): Promise<void> {
    const own = [...this.#ports].filter(([name]) => name === machine || name.startsWith(`${machine}/`));
    const gone = own.filter(([name]) => !kept.includes(name));
    if (gone.length === 0) return;
    for (const [name, { device, number }] of gone) {
      this.#ports.delete(name);
      await this.space.run(["ip", "link", "delete", device]);
      await this.space.run(["ip", "rule", "delete", "fwmark", String(number)]);
    }
    await this.#write();
  }

  /** Changes checks, rules and further addresses of machines, all at once. */
  async change(
    changes: ReadonlyMap<string, Partial<Pick<PortState, "prefixes" | "sourceDestCheck" | "rules">>>,
  ): Promise<void> {
    const routes: string[] = [];
    for (const [name, change] of changes) {
      const port = this.#ports.get(name);
      if (port === undefined) continue;
      const { prefixes: before = [] } = port;
      const { prefixes: after = before } = change;
      routes.push(
        ...before.filter((one) => !after.includes(one)).map((one) => `ip route delete ${one}`),
        ...after.map((one) => `ip route replace ${one} via ${port.ip} dev ${port.device} onlink`),
      );
      this.#ports.set(name, { ...port, ...change });
    }
    if (routes.length > 0) await this.space.must(["sh", "-ec", routes.join("\n")]);
    await this.#write();
  }

  portOf(name: string): PortState | undefined {
    return this.#ports.get(name);
  }

  /** What each machine has sent and received. */
  async traffic(): Promise<Map<string, Traffic>> {
    const text = await this.space.must(["ip", "-json", "-statistics", "link"]);
    const links = new Map((JSON.parse(text) as LinkStatistics[]).map((link) => [link.ifname, link.stats64]));
    return new Map(
      [...this.#ports].flatMap(([name, { device }]): [string, Traffic][] => {
        const stats = links.get(device);
        if (stats === undefined) return [];
        const { rx, tx } = stats;
        return [
          [
            name,
            {
              sentBytes: rx.bytes,
              sentPackets: rx.packets,
              receivedBytes: tx.bytes,
              receivedPackets: tx.packets,
            },
          ],
        ];
      }),
    );
  }

  /** Packets that were dropped at a machine's port since checks or rules last changed, by what dropped them. */
  async dropped(name: string): Promise<{ readonly byCheck: number; readonly byRules: number }> {
    const port = this.#ports.get(name);
    if (port === undefined) return { byCheck: 0, byRules: 0 };
    const text = await this.space.must(["nft", "-j", "list", "counters", "table", "ip", "vpc"]);
    const { nftables } = JSON.parse(text) as {
      nftables: readonly { counter?: { name: string; packets: number } }[];
    };
    const packets = (counter: string) =>
      nftables.find((one) => one.counter?.name === counter)?.counter?.packets ?? 0;
    return { byCheck: packets(checkCounter(port)), byRules: packets(rulesCounter(port)) };
  }

  async stop(): Promise<void> {
    this.sockets.stop();
    await this.space.stop();
  }

  /** Runs `ip` in the VPC's network, with this machine's processes in view. */
  #outside(args: readonly string[]): Promise<string> {
    return must(["nsenter", `--target=${this.space.pid}`, "--net", "ip", ...args]);
  }

  /** One after the other, and always what is known last. */
  #write(): Promise<unknown> {
    const write = () => this.space.must(["nft", "-f", "-"], { input: firewall([...this.#ports.values()]) });
    this.#writing = this.#writing.then(write, write);
    return this.#writing;
  }
}
