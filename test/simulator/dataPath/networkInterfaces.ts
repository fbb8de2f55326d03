import { type Connection, macOf } from "./vpc.ts";

/** What the endpoints know of an instance. */
export interface LabInstance {
  /** `i-…` */
  readonly id: string;
  readonly ip: string;
  /** `eni-…` */
  readonly networkInterfaceId: string;
  readonly subnetId: string;
  readonly roleArn: string;
  readonly sourceDestCheck: boolean;
}

/** A network interface of an instance, as EC2 and the metadata show it. */
export interface LabInterface {
  /** `eni-…` */
  readonly id: string;
  /** Undefined: it is not attached. */
  readonly deviceIndex: number | undefined;
  readonly ip: string;
  /** Blocks of further addresses: `10.40.0.16/28`. */
  readonly prefixes: readonly string[];
  readonly subnetId: string;
  readonly subnetCidr: string;
  readonly securityGroupIds: readonly string[];
}

/** What an instance is connected to. */
export interface InstanceNetwork {
  readonly instanceType: string;
  readonly availabilityZone: string;
  readonly vpcId: string;
  /** Its blocks: `10.40.0.0/16`. */
  readonly vpcCidrs: readonly string[];
  /** The first one first. */
  readonly interfaces: readonly LabInterface[];
  /** Subnets of its VPC in its zone. */
  readonly subnets: readonly {
    readonly id: string;
    readonly cidr: string;
    readonly freeAddresses: number;
    readonly tags: Readonly<Record<string, unknown>>;
  }[];
}

/** Network interfaces of the instances, as AWS has them. */
export interface Ec2Network {
  of(instance: LabInstance): InstanceNetwork;
  /** Gives an interface blocks of 16 addresses; undefined: its subnet has not as many. */
  assignPrefixes(instance: LabInstance, interfaceId: string, count: number): readonly string[] | undefined;
  /** Makes a network interface for an instance; undefined: its subnet has not as many addresses. */
  create(instance: LabInstance, wanted: WantedInterface): LabInterface | undefined;
  attach(instance: LabInstance, interfaceId: string, deviceIndex: number): void;
}

/** What is asked of a new network interface. */
export interface WantedInterface {
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  /** Blocks of 16 addresses. */
  readonly prefixCount: number;
}

/** Tags of interfaces, by their ids. */
type Tags = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** What the metadata say of an instance's network, by the path below `/latest/meta-data`. */
export function networkDocuments(network: InstanceNetwork): Map<string, string> {
  const { instanceType, availabilityZone, vpcId, vpcCidrs, interfaces } = network;
  const root = "/network/interfaces/macs";
  const documents = new Map([
    ["/instance-type", instanceType],
    ["/placement/availability-zone", availabilityZone],
    ["/mac", macOf(interfaces[0]?.ip ?? "")],
    [root, interfaces.map(({ ip }) => `${macOf(ip)}/`).join("\n")],
  ]);
  for (const one of interfaces) {
    const mac = macOf(one.ip);
    const fields: Readonly<Record<string, string>> = {
      "device-number": String(one.deviceIndex),
      "interface-id": one.id,
      mac,
      "local-ipv4s": one.ip,
      "security-group-ids": one.securityGroupIds.join("\n"),
      "subnet-id": one.subnetId,
      "subnet-ipv4-cidr-block": one.subnetCidr,
      "vpc-id": vpcId,
      "vpc-ipv4-cidr-block": vpcCidrs[0] ?? "",
      "vpc-ipv4-cidr-blocks": vpcCidrs.join("\n"),
      ...(one.prefixes.length === 0 ? {} : { "ipv4-prefix": one.prefixes.join("\n") }),
    };
    documents.set(`${root}/${mac}`, Object.keys(fields).join("\n"));
    for (const [name, value] of Object.entries(fields)) documents.set(`${root}/${mac}/${name}`, value);
  }
  return documents;
}

/** The subnets in the answer of DescribeSubnets. */
export function subnetItems({ vpcId, availabilityZone, subnets }: InstanceNetwork): string {
  const items = subnets.map(({ id, cidr, freeAddresses, tags }) => {
    const own = Object.entries(tags).map(([key, value]) => tagItem(key, String(value)));
    return `<item><subnetId>${id}</subnetId><vpcId>${vpcId}</vpcId><cidrBlock>${cidr}</cidrBlock><availabilityZone>${availabilityZone}</availabilityZone><availableIpAddressCount>${freeAddresses}</availableIpAddressCount><tagSet>${own.join("")}</tagSet></item>`;
  });
  return items.join("");
}

/** An interface in the answer of DescribeNetworkInterfaces. */
export function interfaceItem(
  { id, deviceIndex, ip, prefixes, subnetId }: LabInterface,
  instanceId: string,
  tags: Tags,
): string {
  const own = [...(tags.get(id) ?? [])].map(([key, value]) => tagItem(key, value));
  const attachment =
    deviceIndex === undefined
      ? ""
      : `<attachment><attachmentId>${attachmentOf(id)}</attachmentId><instanceId>${instanceId}</instanceId><deviceIndex>${deviceIndex}</deviceIndex><networkCardIndex>0</networkCardIndex><status>attached</status><deleteOnTermination>true</deleteOnTermination></attachment>`;
  return `<networkInterfaceId>${id}</networkInterfaceId><subnetId>${subnetId}</subnetId>
<interfaceType>interface</interfaceType><status>in-use</status><macAddress>${macOf(ip)}</macAddress><privateIpAddress>${ip}</privateIpAddress>
${attachment}
<privateIpAddressesSet><item><privateIpAddress>${ip}</privateIpAddress><primary>true</primary></item></privateIpAddressesSet>
<ipv4PrefixSet>${prefixItems(prefixes)}</ipv4PrefixSet><tagSet>${own.join("")}</tagSet>`;
}

export function prefixItems(prefixes: readonly string[]): string {
  return prefixes.map((prefix) => `<item><ipv4Prefix>${prefix}</ipv4Prefix></item>`).join("");
}

/** `eni-attach-…` of `eni-…`. */
export function attachmentOf(interfaceId: string): string {
  return interfaceId.replace("eni-", "eni-attach-");
}

function tagItem(key: string, value: string): string {
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<item><key>${escaped(key)}</key><value>${escaped(value)}</value></item>`;
}

/** Name of the place where an interface is connected: that of its node for the first one. */
export function portName(
  nodeName: string,
  { id, deviceIndex }: Pick<LabInterface, "deviceIndex" | "id">,
): string {
  return deviceIndex === 0 ? nodeName : `${nodeName}/${id}`;
}

/** How an address of a subnet is connected: by the subnet's first address. */
export function connectionIn(subnetCidr: string, ip: string): Connection {
  const [base = "", length] = subnetCidr.split("/");
  const gateway = base.replace(/\d+$/, (last) => String(Number(last) + 1));
  return { ip, prefixLength: Number(length), gateway };
}
