import type { InstanceNetwork, LabInterface, WantedInterface } from "../dataPath/networkInterfaces.ts";
import type { Instance } from "../world/instance.ts";
import { freeAddresses, freePrefixes } from "./addresses.ts";
import { resourceId } from "./ids.ts";
import type { AwsObject, Cloud } from "./model.ts";
import { attachInterface } from "./networkInterface.ts";
import { types } from "./types.ts";
import { number, record, text, texts } from "./values.ts";

/** What an instance is connected to. */
export function networkOf(cloud: Cloud, instance: Instance): InstanceNetwork {
  const first = cloud.find(types.networkInterface, instance.networkInterfaceId);
  const subnet = cloud.find(types.subnet, instance.subnetId)?.inputs ?? {};
  const [vpcId, zone] = [text(subnet, "vpcId"), text(subnet, "availabilityZone")];
  return {
    instanceType: instance.instanceType,
    availabilityZone: zone,
    vpcId,
    vpcCidrs: [
      text(cloud.find(types.vpc, vpcId)?.inputs ?? {}, "cidrBlock"),
      ...cloud
        .ofType(types.vpcCidrAssociation)
        .filter(({ inputs }) => text(inputs, "vpcId") === vpcId)
        .map(({ inputs }) => text(inputs, "cidrBlock")),
    ],
    interfaces: [
      ...(first === undefined ? [] : [interfaceOf(cloud, first, 0)]),
      ...furtherInterfaces(cloud, instance).map((one) => interfaceOf(cloud, one)),
    ],
    subnets: cloud
      .ofType(types.subnet)
      .filter(({ inputs }) => text(inputs, "vpcId") === vpcId && text(inputs, "availabilityZone") === zone)
      .map((one) => ({
        id: one.id,
        cidr: text(one.inputs, "cidrBlock"),
        freeAddresses: freeAddresses(cloud, one).length,
        tags: record(one.inputs, "tags"),
      })),
  };
}

/** Interfaces that were attached to an instance after its start. */
export function furtherInterfaces(cloud: Cloud, { id }: Pick<Instance, "id">): AwsObject[] {
  return cloud
    .ofType(types.networkInterface)
    .filter(({ inputs }) => text(inputs, "attachment.instanceId") === id);
}

function interfaceOf(
  cloud: Cloud,
  { id, inputs }: AwsObject,
  deviceIndex = number(inputs, "attachment.deviceIndex"),
): LabInterface {
  const subnetId = text(inputs, "subnetId");
  return {
    id,
    deviceIndex,
    ip: text(inputs, "privateIp"),
    prefixes: texts(inputs, "ipv4Prefixes"),
    subnetId,
    subnetCidr: text(cloud.find(types.subnet, subnetId)?.inputs ?? {}, "cidrBlock"),
    securityGroupIds: texts(inputs, "securityGroups"),
  };
}

/** Gives a network interface blocks of 16 addresses, all or none; undefined: its subnet has not as many. */
export function assignPrefixes(cloud: Cloud, interfaceId: string, count: number): string[] | undefined {
  const found = cloud.find(types.networkInterface, interfaceId);
  const subnet = found && cloud.find(types.subnet, text(found.inputs, "subnetId"));
  if (found === undefined || subnet === undefined) return undefined;
  const fresh = freePrefixes(cloud, subnet).slice(0, count);
  if (fresh.length < count) return undefined;
  found.inputs = { ...found.inputs, ipv4Prefixes: [...texts(found.inputs, "ipv4Prefixes"), ...fresh] };
  return fresh;
}

/** Makes a network interface for an instance, which goes away with its group. */
export function createInterface(
  cloud: Cloud,
  { networkInterfaceId }: Instance,
  { subnetId, securityGroupIds, prefixCount }: WantedInterface,
): LabInterface | undefined {
  const first = cloud.find(types.networkInterface, networkInterfaceId);
  const owner = cloud.objects.get(first?.ownedBy ?? "");
  if (first === undefined || owner === undefined) return undefined;
  first.serial += 1;
  const id = resourceId("eni", `${first.id} ${first.serial}`);
  const made = attachInterface(cloud, owner, { id, subnetId, securityGroupIds });
  if (assignPrefixes(cloud, id, prefixCount) !== undefined) return interfaceOf(cloud, made);
  cloud.remove(made);
  return undefined;
}

export function attach(cloud: Cloud, interfaceId: string, instanceId: string, deviceIndex: number): void {
  const found = cloud.find(types.networkInterface, interfaceId);
  if (found !== undefined) found.inputs = { ...found.inputs, attachment: { instanceId, deviceIndex } };
}
