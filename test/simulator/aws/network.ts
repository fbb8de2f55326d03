import { containsCidr, freeAddresses, isCidr, isVpcSized, overlap } from "./addresses.ts";
import { nameSuffix, resourceId } from "./ids.ts";
import type { AwsObject, Cloud, Request, Row } from "./model.ts";
import { attachInterface } from "./networkInterface.ts";
import { toEip, toInternetGateway, toNatGateway, toRouteTable, toSubnet, toVpc } from "./references.ts";
import { addManagedGroup, defaultGroupId } from "./securityGroups.ts";
import { types } from "./types.ts";
import { at, isKnown, text } from "./values.ts";

/** Ranges in which EC2 makes no VPC (RFC 6890: this network, loopback, link-local, multicast, reserved). */
const withoutHosts = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4"];

function cidrProblems(inputs: Request["inputs"], property: string): string[] {
  const cidr = text(inputs, property);
  return isKnown(at(inputs, property)) && !isCidr(cidr)
    ? [`"${property}" ("${cidr}") is not a valid IPv4 CIDR block`]
    : [];
}

function inVpc(cloud: Cloud, type: string, vpcId: string): AwsObject[] {
  return cloud.ofType(type).filter(({ inputs }) => text(inputs, "vpcId") === vpcId);
}

/** Another object of the type with the same value in a property. */
function sibling({ cloud, subject, self, inputs }: Request, property: string): AwsObject | undefined {
  return cloud
    .ofType(subject.type)
    .find((other) => other !== self && text(other.inputs, property) === text(inputs, property));
}

/** The ranges of a VPC: the one that it was made with, then those that were added. */
function associations(cloud: Cloud, { id, inputs }: AwsObject) {
  const primary = text(inputs, "cidrBlock");
  const added = inVpc(cloud, types.vpcCidrAssociation, id);
  return [
    { associationId: resourceId("vpc-cidr-assoc", id), cidrBlock: primary, state: "associated" },
    ...added.map((one) => ({
      associationId: one.id,
      cidrBlock: text(one.inputs, "cidrBlock"),
      state: "associated",
    })),
  ];
}

function refusesRange({ inputs, cloud, self }: Request): string | undefined {
  const cidr = text(inputs, "cidrBlock");
  const vpc = cloud.find(types.vpc, text(inputs, "vpcId"));
  if (!isVpcSized(cidr)) return `InvalidVpc.Range: The CIDR '${cidr}' is invalid.`;
  const others = vpc === undefined ? [] : associations(cloud, vpc);
  return others.some(({ associationId, cidrBlock }) => associationId !== self?.id && overlap(cidrBlock, cidr))
    ? `InvalidVpc.Range: The CIDR '${cidr}' overlaps with pre-existing CIDR block in the same VPC`
    : undefined;
}

function refusesSubnet({ inputs, cloud, self }: Request): string | undefined {
  const [cidr, vpcId, zone] = [
    text(inputs, "cidrBlock"),
    text(inputs, "vpcId"),
    text(inputs, "availabilityZone"),
  ];
  const vpc = cloud.find(types.vpc, vpcId);
  const ranges = vpc === undefined ? [] : associations(cloud, vpc).map(({ cidrBlock }) => cidrBlock);
  if (!isVpcSized(cidr) || !ranges.some((range) => containsCidr(range, cidr))) {
    return `InvalidSubnet.Range: The CIDR '${cidr}' is invalid.`;
  }
  const siblings = inVpc(cloud, types.subnet, vpcId).filter((other) => other !== self);
  if (siblings.some((other) => overlap(text(other.inputs, "cidrBlock"), cidr))) {
    return `InvalidSubnet.Conflict: The CIDR '${cidr}' conflicts with another subnet`;
  }
  if (cloud.zones.some(({ name }) => name === zone)) return undefined;
  const names = cloud.zones
    .filter(({ type = "availability-zone" }) => type === "availability-zone")
    .map(({ name }) => name)
    .join(", ");
  return `InvalidParameterValue: Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${names}.`;
}

function refusesNatGateway(request: Request): string | undefined {
  const { inputs, cloud } = request;
  const allocationId = text(inputs, "allocationId");
  const subnet = cloud.find(types.subnet, text(inputs, "subnetId"));
  if (subnet === undefined) return undefined;
  const vpcId = text(subnet.inputs, "vpcId");
  if (
    text(inputs, "connectivityType") !== "private" &&
    inVpc(cloud, types.internetGateway, vpcId).length === 0
  ) {
    return `Gateway.NotAttached: Network ${vpcId} has no Internet gateway attached`;
  }
  if (sibling(request, "allocationId") !== undefined) {
    return `Resource.AlreadyAssociated: Elastic IP address [${allocationId}] is already associated`;
  }
  if (freeAddresses(cloud, subnet).length > 0) return undefined;
  return `InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.`;
}

/** VPCs, subnets and routes. */
export const networkRows: readonly Row[] = [
  {
    type: types.vpc,
    requires: ["cidrBlock"],
    allows: ["enableDnsHostnames", "enableDnsSupport", "instanceTenancy", "tags"],
    replaces: ["cidrBlock"],
    problems: (inputs) => cidrProblems(inputs, "cidrBlock"),
    refuses: ({ inputs }) =>
      isVpcSized(text(inputs, "cidrBlock")) &&
      !withoutHosts.some((range) => overlap(range, text(inputs, "cidrBlock")))
        ? undefined
        : `InvalidVpc.Range: The CIDR '${text(inputs, "cidrBlock")}' is invalid.`,
    id: "vpc",
    defaults: { enableDnsHostnames: false, enableDnsSupport: true, instanceTenancy: "default" },
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `vpc/${id}`),
      ownerId: ({ cloud }) => cloud.account,
      defaultSecurityGroupId: ({ id }) => defaultGroupId(id),
      mainRouteTableId: ({ id }) => resourceId("rtb", `main of ${id}`),
      cidrBlockAssociations: ({ cloud, object }) => associations(cloud, object),
    },
    begins: (vpc, cloud) => {
      const id = text(vpc.outputs, "defaultSecurityGroupId");
      addManagedGroup(cloud, vpc, {
        id,
        name: "default",
        vpcId: vpc.id,
        description: "default VPC security group",
      });
    },
    held: (id) => `DependencyViolation: The vpc '${id}' has dependencies and cannot be deleted.`,
    patienceSeconds: 300,
  },
  {
    type: types.vpcCidrAssociation,
    requires: ["vpcId", "cidrBlock"],
    allows: [],
    references: [{ property: "vpcId", ...toVpc, onDelete: "goes" }],
    replaces: ["vpcId", "cidrBlock"],
    problems: (inputs) => cidrProblems(inputs, "cidrBlock"),
    refuses: refusesRange,
    id: "vpc-cidr-assoc",
    outputs: {},
  },
  {
    type: types.subnet,
    requires: ["vpcId", "cidrBlock"],
    allows: ["availabilityZone", "mapPublicIpOnLaunch", "tags"],
    references: [{ property: "vpcId", ...toVpc, onDelete: "prevents" }],
    replaces: ["vpcId", "cidrBlock", "availabilityZone"],
    problems: (inputs) => cidrProblems(inputs, "cidrBlock"),
    refuses: refusesSubnet,
    id: "subnet",
    defaults: { mapPublicIpOnLaunch: false },
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `subnet/${id}`),
      ownerId: ({ cloud }) => cloud.account,
      availabilityZoneId: ({ cloud, inputs }) =>
        cloud.zones.find(({ name }) => name === text(inputs, "availabilityZone"))?.id ?? "",
    },
    held: (id) => `DependencyViolation: The subnet '${id}' has dependencies and cannot be deleted.`,
    patienceSeconds: 1200,
  },
  {
    type: types.internetGateway,
    requires: [],
    allows: ["vpcId", "tags"],
    references: [{ property: "vpcId", ...toVpc, onDelete: "prevents" }],
    refuses: (request) =>
      sibling(request, "vpcId") === undefined
        ? undefined
        : `InvalidParameterValue: Network ${text(request.inputs, "vpcId")} already has an internet gateway attached`,
    id: "igw",
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `internet-gateway/${id}`),
      ownerId: ({ cloud }) => cloud.account,
    },
    alsoHeldBy: ({ inputs }, cloud) => {
      const subnets = new Set(inVpc(cloud, types.subnet, text(inputs, "vpcId")).map(({ id }) => id));
      return cloud.ofType(types.natGateway).filter((nat) => subnets.has(text(nat.inputs, "subnetId")));
    },
    held: (_, inputs) =>
      `DependencyViolation: Network ${text(inputs, "vpcId")} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`,
    patienceSeconds: 1200,
  },
  {
    type: types.eip,
    requires: [],
    allows: ["domain", "tags"],
    replaces: ["domain"],
    id: "eipalloc",
    outputs: {
      allocationId: ({ id }) => id,
      arn: ({ cloud, id }) => cloud.arn("ec2", `elastic-ip/${id}`),
      // From the range that is kept for documentation.
      publicIp: ({ object }) => `198.51.100.${(Number.parseInt(nameSuffix(object.seed), 16) % 254) + 1}`,
    },
    held: () => "AuthFailure: You do not have permission to access the specified resource.",
  },
  {
    type: types.natGateway,
    requires: ["subnetId"],
    allows: ["allocationId", "connectivityType", "tags"],
    references: [
      { property: "subnetId", ...toSubnet, onDelete: "prevents" },
      { property: "allocationId", ...toEip, onDelete: "prevents" },
    ],
    replaces: ["subnetId", "allocationId", "connectivityType"],
    refuses: refusesNatGateway,
    id: "nat",
    defaults: { connectivityType: "public" },
    outputs: {
      associationId: ({ object }) => resourceId("eipassoc", object.seed),
      networkInterfaceId: ({ object }) => resourceId("eni", object.seed),
      publicIp: ({ cloud, inputs }) =>
        text(cloud.find(types.eip, text(inputs, "allocationId"))?.outputs ?? {}, "publicIp"),
      privateIp: ({ cloud, object }) =>
        text(cloud.find(types.networkInterface, resourceId("eni", object.seed))?.inputs ?? {}, "privateIp"),
    },
    begins: (nat, cloud) => {
      attachInterface(cloud, nat, {
        id: resourceId("eni", nat.seed),
        subnetId: text(nat.inputs, "subnetId"),
        securityGroupIds: [],
      });
    },
  },
  {
    type: types.routeTable,
    requires: ["vpcId"],
    allows: ["tags"],
    references: [{ property: "vpcId", ...toVpc, onDelete: "prevents" }],
    replaces: ["vpcId"],
    id: "rtb",
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `route-table/${id}`),
      ownerId: ({ cloud }) => cloud.account,
    },
  },
  {
    type: types.route,
    requires: ["routeTableId"],
    allows: ["destinationCidrBlock", "gatewayId", "natGatewayId"],
    references: [
      { property: "routeTableId", ...toRouteTable, onDelete: "goes" },
      { property: "gatewayId", ...toInternetGateway },
      { property: "natGatewayId", ...toNatGateway },
    ],
    replaces: ["routeTableId", "destinationCidrBlock"],
    problems: (inputs) => [
      ...cidrProblems(inputs, "destinationCidrBlock"),
      ...("gatewayId" in inputs === "natGatewayId" in inputs
        ? ["one of `gatewayId,natGatewayId` must be specified"]
        : []),
    ],
    id: (inputs) =>
      `r-${text(inputs, "routeTableId")}${Number.parseInt(nameSuffix(text(inputs, "destinationCidrBlock")), 16)}`,
    duplicate: (_, inputs) =>
      `RouteAlreadyExists: The route identified by ${text(inputs, "destinationCidrBlock")} already exists.`,
    outputs: { origin: () => "CreateRoute", state: () => "active" },
  },
  {
    type: types.routeTableAssociation,
    requires: ["routeTableId"],
    allows: ["subnetId"],
    references: [
      { property: "routeTableId", ...toRouteTable, onDelete: "goes" },
      { property: "subnetId", ...toSubnet, onDelete: "goes" },
    ],
    replaces: ["subnetId"],
    refuses: (request) =>
      sibling(request, "subnetId") === undefined
        ? undefined
        : `Resource.AlreadyAssociated: the specified association for route table ${text(request.inputs, "routeTableId")} conflicts with an existing association`,
    id: "rtbassoc",
    outputs: {},
  },
];
