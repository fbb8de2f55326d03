import type { EC2Client, Instance, SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { KubeConfig } from "@kubernetes/client-node";
import type { FoundInterface } from "../components/checks/existing/snapshot.ts";
import { sdkConfig } from "./sdkConfig.ts";
import { batches, oneLine } from "./text.ts";

/** The identity for calls to AWS. */
interface Identity {
  /** Undefined: the ambient credentials. */
  readonly profile: string | undefined;
  /** Role that is assumed with them; undefined: none. */
  readonly roleArn: string | undefined;
}

interface Exec {
  readonly command?: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** The identity with which a kubeconfig gets its tokens from AWS, to be used for EC2 as well: one account for both. */
export function identityOf(config: KubeConfig): Identity {
  const { command = "", args, env } = (config.getCurrentUser()?.exec ?? {}) as Exec;
  if (!/(^|\/)aws$/.test(command)) return { profile: undefined, roleArn: undefined };
  const words = args ?? [];
  const after = (...flags: string[]) => words.find((_, index) => flags.includes(words[index - 1] ?? ""));
  return {
    // The same precedence as in the aws CLI.
    profile: after("--profile") ?? env?.find(({ name }) => name === "AWS_PROFILE")?.value,
    // The eks component writes --role, which the aws CLI accepts as --role-arn.
    roleArn: after("--role-arn", "--role"),
  };
}

/** Ids in one request; EC2 accepts 200 values in a filter. */
const batchSize = 100;

/** Total attempts, with growing pauses, when EC2 throttles. */
const attempts = 6;

/** Why EC2 could not be read, in a one-line message. */
export class Ec2Error extends Error {
  override readonly name = "Ec2Error";
  /** EC2's message: `UnauthorizedOperation: You are not authorized …`. */
  readonly reason: string;

  constructor(where: string, reason: string) {
    super(`${where}: ${reason}`);
    this.reason = reason;
  }
}

/** A network interface of an instance. */
export interface NetworkInterface extends Omit<FoundInterface, "nodeName"> {
  /** `i-…` */
  readonly instanceId: string;
}

/** A rule of a security group. */
export interface SecurityRule {
  readonly groupId: string;
  readonly isEgress: boolean;
  /** `udp`, `-1` for every protocol. */
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** Either a group or an IPv4 block; neither: something that is not checked, such as a prefix list. */
  readonly peerGroupId: string | undefined;
  readonly peerCidr: string | undefined;
}

/** Reads from EC2; AWS_ENDPOINT_URL_EC2 applies, and the ambient credentials unless an identity is given. */
export class Ec2 {
  readonly #identity: Identity;
  readonly #clients = new Map<string | undefined, Promise<EC2Client>>();
  #calls = 0;

  constructor(identity: Identity = { profile: undefined, roleArn: undefined }) {
    this.#identity = identity;
  }

  /** Requests so far. */
  get calls(): number {
    return this.#calls;
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
  }

  /** Network interfaces of these instances. */
  async interfaces(instanceIds: readonly string[], region: string | undefined): Promise<NetworkInterface[]> {
    const { paginateDescribeInstances } = await import("@aws-sdk/client-ec2");
    return this.#inBatches("ec2:DescribeInstances", region, instanceIds, async (client, ids) => {
      // A filter, because an ID that no longer exists would fail the request.
      const Filters = [{ Name: "instance-id", Values: ids }];
      const found: NetworkInterface[] = [];
      for await (const page of paginateDescribeInstances({ client, pageSize: 1000 }, { Filters })) {
        const instances = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
        found.push(...instances.flatMap(interfacesOf));
      }
      return found;
    });
  }

  /** Rules of these security groups. */
  async rules(groupIds: readonly string[], region: string | undefined): Promise<SecurityRule[]> {
    const { paginateDescribeSecurityGroupRules } = await import("@aws-sdk/client-ec2");
    return this.#inBatches("ec2:DescribeSecurityGroupRules", region, groupIds, async (client, ids) => {
      const Filters = [{ Name: "group-id", Values: ids }];
      const found: SecurityRule[] = [];
      for await (const page of paginateDescribeSecurityGroupRules({ client, pageSize: 1000 }, { Filters })) {
        found.push(...(page.SecurityGroupRules ?? []).map(ruleOf));
      }
      return found;
    });
  }

  async #inBatches<T>(
    action: string,
    region: string | undefined,
    ids: readonly string[],
    read: (client: EC2Client, batch: string[]) => Promise<T[]>,
  ): Promise<T[]> {
    // One client per region: each would assume the role separately.
    const known = this.#clients.get(region) ?? this.#clientOf(region);
    this.#clients.set(region, known);
    const found: T[] = [];
    try {
      const client = await known;
      for (const batch of batches(ids, batchSize)) found.push(...(await read(client, batch)));
      return found;
    } catch (error) {
      const { name, message } = error as Error;
      throw new Ec2Error(
        region === undefined ? action : `${action} in ${region}`,
        `${name}: ${oneLine(message)}`,
      );
    }
  }

  async #clientOf(region: string | undefined): Promise<EC2Client> {
    // Imported only here: most stacks do not need this library.
    const { EC2Client: Client } = await import("@aws-sdk/client-ec2");
    const client = new Client({ ...(await sdkConfig({ region, ...this.#identity })), maxAttempts: attempts });
    client.middlewareStack.add(
      (next) => (args) => {
        this.#calls += 1;
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    return client;
  }
}

function interfacesOf({ InstanceId, NetworkInterfaces = [] }: Instance): NetworkInterface[] {
  return NetworkInterfaces.map((one) => ({
    id: one.NetworkInterfaceId ?? "",
    instanceId: InstanceId ?? "",
    isPrimary: one.Attachment?.DeviceIndex === 0,
    subnetId: one.SubnetId ?? "",
    privateIp: one.PrivateIpAddress ?? "",
    // A missing value does not mean off.
    sourceDestCheck: one.SourceDestCheck ?? true,
    securityGroupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  }));
}

function ruleOf(rule: SecurityGroupRule): SecurityRule {
  return {
    groupId: rule.GroupId ?? "",
    isEgress: rule.IsEgress === true,
    protocol: rule.IpProtocol ?? "",
    fromPort: rule.FromPort ?? -1,
    toPort: rule.ToPort ?? -1,
    peerGroupId: rule.ReferencedGroupInfo?.GroupId,
    peerCidr: rule.CidrIpv4,
  };
}
