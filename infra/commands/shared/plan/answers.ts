type Answer = (args: Record<string, unknown>) => Record<string, unknown>;

const zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/**
 * What AWS answers to the program's questions, by token: an account in eu-west-1 that offers everything everywhere; and the
 * engine of a stack of which nothing exists yet.
 */
export const answers: Readonly<Record<string, Answer>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: "111122223333",
    arn: "arn:aws:iam::111122223333:role/deployer",
    userId: "AROAEXAMPLE",
  }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": ({ filters = [] }) => {
    const [{ name, values = [] } = {}] = filters as { name?: string; values?: string[] }[];
    const isOrdinary = name === "zone-type" && values.join() === "availability-zone";
    // The account has opted into a Local Zone.
    const local = isOrdinary ? [] : [{ name: "eu-west-1-loc-1a", id: "euw1-loc1-az1" }];
    return {
      names: [...local.map((zone) => zone.name), ...zones],
      zoneIds: [...local.map(({ id }) => id), "euw1-az1", "euw1-az2", "euw1-az3"],
    };
  },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ filters }) => {
    const [{ values = [] } = {}] = filters as { values?: string[] }[];
    const pairs = zones.flatMap((zone) => values.map((type) => ({ zone, type })));
    return { locations: pairs.map(({ zone }) => zone), instanceTypes: pairs.map(({ type }) => type) };
  },
  "aws:ssm/getParameter:getParameter": ({ name }) => ({
    value: String(name).includes("bottlerocket")
      ? "1.65.0-0be31b34"
      : `${String(name).split("/")[5]}.6-20260714`,
  }),
  "aws:eks/getAddonVersion:getAddonVersion": ({ addonName }) => ({
    version: addonName === "coredns" ? "v1.13.2-eksbuild.1" : "v1.35.0-eksbuild.2",
  }),
  "pulumi:pulumi:readStackOutputs": ({ name }) => ({ name, outputs: {}, secretOutputNames: [] }),
  "pulumi:pulumi:readStackResourceOutputs": ({ stackName }) => ({ name: stackName, outputs: {} }),
  "aws:ec2/getVpc:getVpc": ({ id }) => ({
    id,
    cidrBlock: "10.40.0.0/16",
    cidrBlockAssociations: [
      { associationId: "vpc-cidr-assoc-1", cidrBlock: "10.40.0.0/16", state: "associated" },
    ],
    enableDnsHostnames: true,
    enableDnsSupport: true,
  }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) =>
    existingSubnets[String(id)] ?? { id, vpcId: "vpc-0000000000000000f", cidrBlock: "10.99.0.0/24" },
};

/** Subnets of the VPC vpc-0a1b2c3d4e5f67890, which is there already. */
const existingSubnets: Readonly<Record<string, Record<string, unknown>>> = {
  "subnet-0000000000000000a": subnet("subnet-0000000000000000a", "eu-west-1a", "euw1-az1", "10.40.255.0/28"),
  "subnet-0000000000000000b": subnet("subnet-0000000000000000b", "eu-west-1b", "euw1-az2", "10.40.255.16/28"),
  "subnet-0000000000000000c": subnet("subnet-0000000000000000c", "eu-west-1a", "euw1-az1", "10.40.0.0/20"),
};

function subnet(id: string, availabilityZone: string, availabilityZoneId: string, cidrBlock: string) {
  return { id, vpcId: "vpc-0a1b2c3d4e5f67890", availabilityZone, availabilityZoneId, cidrBlock };
}
