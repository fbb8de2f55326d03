import {
  attachmentOf,
  type Ec2Network,
  interfaceItem,
  type LabInstance,
  prefixItems,
  subnetItems,
} from "./networkInterfaces.ts";

/** An answer with its status. */
export interface Refused {
  readonly status: number;
  readonly body: string;
}

/** A request to EC2 that the policies of who sends it allow. */
interface Asked {
  /** Where it comes from. */
  readonly instance: LabInstance;
  readonly query: URLSearchParams;
  readonly instances: readonly LabInstance[];
  readonly network: Ec2Network | undefined;
  readonly onSourceDestCheck: (instance: LabInstance, on: boolean) => void;
  /** Of network interfaces, by their ids. */
  readonly tags: Map<string, Map<string, string>>;
}

const done = "<return>true</return>";

/** What Felix and the VPC CNI call: the inner part of the answer, or how it is refused. */
export const ec2Actions: Readonly<Record<string, (asked: Asked) => string | Refused>> = {
  DescribeInstances({ instances, network, query }) {
    const wanted = query.get("InstanceId.1");
    const found = instances.find(({ id }) => id === wanted);
    if (found !== undefined) return reservation(found, network);
    return refusal("InvalidInstanceID.NotFound", `The instance ID '${wanted}' does not exist`, 400);
  },
  ModifyNetworkInterfaceAttribute(asked) {
    const { instances, query, onSourceDestCheck } = asked;
    const check = query.get("SourceDestCheck.Value");
    // Its groups, and whether it goes with its instance, stay as they are.
    if (check === null) return attached(asked) ? done : noSuchInterface(idIn(asked));
    const found = instances.find((one) => one.networkInterfaceId === idIn(asked));
    if (found === undefined) return noSuchInterface(idIn(asked));
    onSourceDestCheck(found, check === "true");
    return done;
  },
  DescribeNetworkInterfaces({ instance, network, query, tags }) {
    // Without ids it is asked for interfaces that were left behind.
    const wanted = listed(query, "NetworkInterfaceId");
    const present = network?.of(instance).interfaces ?? [];
    const missing = wanted.find((id) => !present.some((one) => one.id === id));
    if (missing !== undefined) return noSuchInterface(missing);
    const found = present.filter(({ id }) => wanted.includes(id));
    const items = found.map((one) => `<item>${interfaceItem(one, instance.id, tags)}</item>`);
    return `<networkInterfaceSet>${items.join("")}</networkInterfaceSet>`;
  },
  DescribeSubnets: ({ instance, network }) =>
    `<subnetSet>${network === undefined ? "" : subnetItems(network.of(instance))}</subnetSet>`,
  CreateTags({ query, tags }) {
    const values = listed(query, "Tag", "Value");
    for (const id of listed(query, "ResourceId")) {
      const own = tags.get(id) ?? new Map<string, string>();
      for (const [index, key] of listed(query, "Tag", "Key").entries()) own.set(key, values[index] ?? "");
      tags.set(id, own);
    }
    return done;
  },
  AssignPrivateIpAddresses(asked) {
    if (!attached(asked)) return noSuchInterface(idIn(asked));
    const { instance, network, query } = asked;
    const prefixes = network?.assignPrefixes(instance, idIn(asked), Number(query.get("Ipv4PrefixCount")));
    if (prefixes === undefined) return noCidrBlocks();
    return `<networkInterfaceId>${idIn(asked)}</networkInterfaceId><assignedIpv4PrefixSet>${prefixItems(prefixes)}</assignedIpv4PrefixSet>${done}`;
  },
  CreateNetworkInterface({ instance, network, query, tags }) {
    const made = network?.create(instance, {
      subnetId: query.get("SubnetId") ?? "",
      securityGroupIds: listed(query, "SecurityGroupId"),
      prefixCount: Number(query.get("Ipv4PrefixCount")),
    });
    if (made === undefined) return noCidrBlocks();
    return `<networkInterface>${interfaceItem(made, instance.id, tags)}</networkInterface>`;
  },
  AttachNetworkInterface(asked) {
    const { instance, network, query } = asked;
    network?.attach(instance, idIn(asked), Number(query.get("DeviceIndex")));
    return `<attachmentId>${attachmentOf(idIn(asked))}</attachmentId>`;
  },
};

function idIn({ query }: Asked): string {
  return query.get("NetworkInterfaceId") ?? "";
}

/** Whether the interface of a request is the instance's. */
function attached(asked: Asked): boolean {
  const { instance, network } = asked;
  return network?.of(instance).interfaces.some(({ id }) => id === idIn(asked)) ?? false;
}

/** Values of a list in a request: `NAME.1`, `NAME.2`; or of a field of its entries: `NAME.1.FIELD`. */
function listed(query: URLSearchParams, name: string, field?: string): string[] {
  const values: string[] = [];
  for (let index = 1; ; index++) {
    const value = query.get([name, index, field].filter((part) => part !== undefined).join("."));
    if (value === null) return values;
    values.push(value);
  }
}

function reservation(instance: LabInstance, network: Ec2Network | undefined): string {
  const { id, ip, networkInterfaceId, subnetId, sourceDestCheck } = instance;
  const further = (network?.of(instance).interfaces ?? [])
    .slice(1)
    .map((one) => `<item>${interfaceItem(one, id, new Map())}<sourceDestCheck>true</sourceDestCheck></item>`);
  return `<reservationSet><item><instancesSet><item><instanceId>${id}</instanceId><networkInterfaceSet><item>
<networkInterfaceId>${networkInterfaceId}</networkInterfaceId><subnetId>${subnetId}</subnetId>
<privateIpAddress>${ip}</privateIpAddress><sourceDestCheck>${sourceDestCheck}</sourceDestCheck>
<attachment><deviceIndex>0</deviceIndex><networkCardIndex>0</networkCardIndex></attachment>
</item>${further.join("")}</networkInterfaceSet></item></instancesSet></item></reservationSet>`;
}

function noSuchInterface(id: string): Refused {
  return refusal("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`, 400);
}

function noCidrBlocks(): Refused {
  const message = "The specified subnet does not have enough free cidr blocks to satisfy the request.";
  return refusal("InsufficientCidrBlocks", message, 400);
}

export function refusal(code: string, message: string, status = 403): Refused {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body: `<Response><Errors>${error}</Errors><RequestID>1</RequestID></Response>` };
}
