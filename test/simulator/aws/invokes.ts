import { Refusal, type Values } from "../protocol/provider.ts";
import { freeAddresses } from "./addresses.ts";
import { addonVersion, amiParameter, architectureOf, kubernetesVersions } from "./amis.ts";
import type { AwsObject, Cloud, Zone } from "./model.ts";
import { types } from "./types.ts";
import { at, record, records, text, texts } from "./values.ts";

type Invoke = (args: Values, cloud: Cloud) => Values;

/** What each filter for zones looks at. */
const zoneFilters: Readonly<Record<string, (zone: Zone) => string>> = {
  "zone-name": ({ name }) => name,
  "zone-id": ({ id }) => id,
  "zone-type": ({ type = "availability-zone" }) => type,
  "opt-in-status": ({ type = "availability-zone" }) =>
    type === "availability-zone" ? "opt-in-not-required" : "opted-in",
};

function unknownFilter(name: string): never {
  throw new Refusal(`InvalidParameterValue: The filter '${name}' is invalid`);
}

function availabilityZones(args: Values, { zones, region }: Cloud): Values {
  const passes = (zone: Zone) =>
    records(args, "filters").every((filter) => {
      const value = zoneFilters[text(filter, "name")] ?? unknownFilter(text(filter, "name"));
      return texts(filter, "values").includes(value(zone));
    });
  const state = text(args, "state") || "available";
  const found = zones
    .filter(() => state === "available")
    .filter(({ name }) => !texts(args, "excludeNames").includes(name))
    .filter(({ id }) => !texts(args, "excludeZoneIds").includes(id))
    .filter(passes);
  return {
    ...args,
    id: region,
    region,
    groupNames: [region],
    names: found.map(({ name }) => name),
    zoneIds: found.map(({ id }) => id),
  };
}

function ssmParameter(args: Values, { region }: Cloud): Values {
  const name = text(args, "name");
  const value = amiParameter(name);
  if (value === undefined) {
    throw new Refusal(`ParameterNotFound: reading SSM Parameter (${name}): couldn't find resource`);
  }
  const arn = `arn:aws:ssm:${region}::parameter${name}`;
  return { ...args, id: name, region, arn, name, type: "String", value, insecureValue: value, version: 1 };
}

/** The one object that `id` names. Other ways to look are refused: what they find would be a guess. */
function byId(args: Values, cloud: Cloud, type: string, what: string): AwsObject {
  const others = Object.keys(args).filter((key) => key !== "id");
  if (others.length > 0)
    throw new Refusal(`the simulated AWS finds a ${what} by its id only, not by ${others.join(", ")}`);
  const found = cloud.find(type, text(args, "id"));
  if (found === undefined) throw new Refusal(`no matching EC2 ${what} found`);
  return found;
}

function offerings(args: Values, { zones, offerings: restricted, region }: Cloud): Values {
  if (text(args, "locationType") !== "availability-zone") {
    throw new Refusal("the simulated AWS knows the locationType availability-zone only");
  }
  const filters = new Map(
    records(args, "filters").map((filter) => [text(filter, "name"), texts(filter, "values")]),
  );
  for (const name of filters.keys()) if (name !== "instance-type" && name !== "location") unknownFilter(name);
  const wanted = (filters.get("instance-type") ?? Object.keys(restricted)).filter(
    (type) => architectureOf(type) !== undefined,
  );
  const places = filters.get("location") ?? zones.map(({ name }) => name);
  const found = wanted.flatMap((instanceType) =>
    places
      .filter((zone) => restricted[instanceType]?.includes(zone) ?? true)
      .map((location) => ({ instanceType, location })),
  );
  return {
    ...args,
    id: region,
    region,
    instanceTypes: found.map(({ instanceType }) => instanceType),
    locations: found.map(({ location }) => location),
    locationTypes: found.map(() => "availability-zone"),
  };
}

function addonVersionOf(args: Values, { region }: Cloud): Values {
  const [name, kubernetesVersion] = [text(args, "addonName"), text(args, "kubernetesVersion")];
  const version = kubernetesVersions.includes(kubernetesVersion)
    ? addonVersion(name, kubernetesVersion)
    : undefined;
  if (version === undefined) {
    throw new Refusal(
      `reading EKS Add-On version info (${name}, ${kubernetesVersion}): couldn't find resource`,
    );
  }
  return { ...args, id: name, region, version };
}

/** The one value of a filter that the simulation knows. */
function filterValue(args: Values, name: string): string {
  const [filter] = records(args, "filters").filter((one) => text(one, "name") === name);
  const [value] = texts(filter ?? {}, "values");
  if (value === undefined) throw new Refusal(`the simulated EC2 needs a filter by ${name}`);
  return value;
}

/** The functions of the AWS provider that the program calls. */
export const invokes: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account, caller }) => ({
    id: account,
    accountId: account,
    arn: caller,
    userId: "AIDAREHEARSAL",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (_, { region }) => ({
    id: region,
    region,
    name: region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": availabilityZones,
  "aws:ssm/getParameter:getParameter": ssmParameter,
  "aws:ec2/getVpc:getVpc": (args, cloud) => {
    const vpc = byId(args, cloud, types.vpc, "VPC");
    const { id } = vpc;
    const outputs = cloud.outputsOf(vpc);
    return { ...outputs, id, region: cloud.region, state: "available", tags: at(outputs, "tags") ?? {} };
  },
  "aws:ec2/getSubnet:getSubnet": (args, cloud) => {
    const subnet = byId(args, cloud, types.subnet, "Subnet");
    return {
      ...subnet.outputs,
      id: subnet.id,
      region: cloud.region,
      state: "available",
      availableIpAddressCount: freeAddresses(cloud, subnet).length,
      tags: at(subnet.outputs, "tags") ?? {},
    };
  },
  "aws:ec2/getSubnets:getSubnets": (args, cloud) => {
    const [vpcId = "", tag = ""] = ["vpc-id", "tag-key"].map((name) => filterValue(args, name));
    const found = cloud
      .ofType(types.subnet)
      .filter(({ inputs }) => text(inputs, "vpcId") === vpcId && tag in record(inputs, "tags"));
    return { id: cloud.region, ids: found.map(({ id }) => id) };
  },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": offerings,
  "aws:eks/getAddonVersion:getAddonVersion": addonVersionOf,
};
