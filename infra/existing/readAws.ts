import type { EC2Client, Instance, SecurityGroupRule } from "@aws-sdk/client-ec2";
import type {
  AwsSnapshot,
  FoundInterface,
  FoundNode,
  FoundRule,
} from "../../components/checks/existing/snapshot.ts";
import type { ExistingSettings } from "../../components/settings/existing.ts";
import { sdkConfig } from "../sdkConfig.ts";
import { ReadError } from "./apiReader.ts";
import type { Reading } from "./unread.ts";

/** Ids in one request; EC2 accepts 200 values in a filter. */
const batchSize = 100;

/** Reads the network interfaces of the nodes that are EC2 instances, and the rules of their security groups. */
export async function readAws(
  { account, region, profile }: ExistingSettings,
  nodes: readonly FoundNode[],
  reading: Reading,
): Promise<AwsSnapshot | undefined> {
  // Imported only here: most stacks do not need this library.
  const { EC2Client: Client } = await import("@aws-sdk/client-ec2");
  const found = region === "" ? nodes.find((node) => node.region !== undefined)?.region : region;
  const client = new Client(await sdkConfig({ region: found, profile, roleArn: account.roleArn }));
  try {
    const interfaces = await reading.of({ verb: "ec2:DescribeInstances", resource: "" }, () =>
      readInterfaces(client, nodes),
    );
    if (interfaces === undefined) return undefined;
    const rules = await reading.of({ verb: "ec2:DescribeSecurityGroupRules", resource: "" }, () =>
      readRules(client, interfaces),
    );
    return rules === undefined ? undefined : { interfaces, rules };
  } finally {
    client.destroy();
  }
}

async function readInterfaces(client: EC2Client, nodes: readonly FoundNode[]): Promise<FoundInterface[]> {
  const { paginateDescribeInstances } = await import("@aws-sdk/client-ec2");
  const nodeNames = new Map(
    nodes.flatMap(({ instanceId, name }) => (instanceId ? [[instanceId, name]] : [])),
  );
  const interfaces: FoundInterface[] = [];
  for (const ids of batches([...nodeNames.keys()])) {
    // A filter, because an ID that no longer exists would fail the request.
    const Filters = [{ Name: "instance-id", Values: ids }];
    await worded(async () => {
      for await (const { Reservations = [] } of paginateDescribeInstances(
        { client, pageSize: 1000 },
        { Filters },
      )) {
        const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
        interfaces.push(
          ...instances.flatMap((one) => interfacesOf(one, nodeNames.get(one.InstanceId ?? "") ?? "")),
        );
      }
    });
  }
  return interfaces;
}

function interfacesOf({ NetworkInterfaces = [] }: Instance, nodeName: string): FoundInterface[] {
  return NetworkInterfaces.map((one) => ({
    id: one.NetworkInterfaceId ?? "",
    nodeName,
    isPrimary: one.Attachment?.DeviceIndex === 0,
    subnetId: one.SubnetId ?? "",
    privateIp: one.PrivateIpAddress ?? "",
    // A missing value does not mean off.
    sourceDestCheck: one.SourceDestCheck ?? true,
    securityGroupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  }));
}

async function readRules(client: EC2Client, interfaces: readonly FoundInterface[]): Promise<FoundRule[]> {
  const { paginateDescribeSecurityGroupRules } = await import("@aws-sdk/client-ec2");
  const groups = [...new Set(interfaces.flatMap(({ securityGroupIds }) => securityGroupIds))].toSorted();
  const rules: FoundRule[] = [];
  for (const ids of batches(groups)) {
    const Filters = [{ Name: "group-id", Values: ids }];
    await worded(async () => {
      const pages = paginateDescribeSecurityGroupRules({ client, pageSize: 1000 }, { Filters });
      for await (const { SecurityGroupRules = [] } of pages)
        rules.push(...SecurityGroupRules.flatMap(ruleOf));
    });
  }
  return rules;
}

function ruleOf(rule: SecurityGroupRule): FoundRule[] {
  if (rule.IsEgress === true) return [];
  return [
    {
      groupId: rule.GroupId ?? "",
      protocol: rule.IpProtocol ?? "",
      fromPort: rule.FromPort ?? -1,
      toPort: rule.ToPort ?? -1,
      sourceGroupId: rule.ReferencedGroupInfo?.GroupId,
      sourceCidr: rule.CidrIpv4,
    },
  ];
}

/** Turns an SDK error into a read error. */
async function worded(ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    throw new ReadError(0, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}

function batches(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / batchSize);
  return Array.from({ length: count }, (_, index) => ids.slice(index * batchSize, (index + 1) * batchSize));
}
