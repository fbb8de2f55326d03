import { types } from "./types.ts";

/** What a property may refer to, and what AWS says when it is not there. */
export const toVpc = {
  to: types.vpc,
  by: "id",
  missing: (id: string) => `InvalidVpcID.NotFound: The vpc ID '${id}' does not exist`,
} as const;

export const toSubnet = {
  to: types.subnet,
  by: "id",
  missing: (id: string) => `InvalidSubnetID.NotFound: The subnet ID '${id}' does not exist`,
} as const;

export const toSecurityGroup = {
  to: types.securityGroup,
  by: "id",
  missing: (id: string) => `InvalidGroup.NotFound: The security group '${id}' does not exist`,
} as const;

export const toInternetGateway = {
  to: types.internetGateway,
  by: "id",
  missing: (id: string) => `InvalidGatewayID.NotFound: The gateway ID '${id}' does not exist`,
} as const;

export const toNatGateway = {
  to: types.natGateway,
  by: "id",
  missing: (id: string) => `InvalidNatGatewayID.NotFound: The natGateway ID '${id}' does not exist`,
} as const;

export const toEip = {
  to: types.eip,
  by: "id",
  missing: (id: string) => `InvalidAllocationID.NotFound: The allocation ID '${id}' does not exist`,
} as const;

export const toRouteTable = {
  to: types.routeTable,
  by: "id",
  missing: (id: string) => `InvalidRouteTableID.NotFound: The routeTable ID '${id}' does not exist`,
} as const;

export const toLaunchTemplate = {
  to: types.launchTemplate,
  by: "id",
  missing: (id: string) => `Ec2LaunchTemplateNotFound: Launch template ${id} was not found`,
} as const;

export const toRole = {
  to: types.role,
  by: "id",
  missing: (name: string) => `NoSuchEntity: The role with name ${name} cannot be found.`,
} as const;

/** A role as EKS takes it. */
export const toAssumableRole = {
  to: types.role,
  by: "arn",
  missing: (arn: string) =>
    `InvalidParameterException: Role with arn: ${arn}, could not be assumed because it does not exist or the trusted entity is not correct`,
} as const;

export const toKey = {
  to: types.key,
  by: "id",
  missing: (id: string) => `NotFoundException: Key '${id}' does not exist`,
} as const;

export const toCluster = {
  to: types.cluster,
  by: "id",
  missing: (name: string) => `ResourceNotFoundException: No cluster found for name: ${name}.`,
} as const;
