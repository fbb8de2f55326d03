import { durations, milestones } from "../durations.ts";
import { resourceId } from "./ids.ts";
import type { AwsObject, Cloud, Request, Row } from "./model.ts";
import { attachInterface } from "./networkInterface.ts";
import { toRole, toRouteTable, toSecurityGroup, toSubnet, toVpc } from "./references.ts";
import { types } from "./types.ts";
import { at, isKnown, number, text, texts } from "./values.ts";

/** The services that have gateway endpoints. */
const gatewayServices = ["s3", "dynamodb"];

/**
 * Services that have interface endpoints in every region, of those that a cluster without a way to the internet may
 * want. Source: AWS PrivateLink guide, AWS services that integrate with AWS PrivateLink (2026-11). ec2messages is not
 * among them: it was retired by 2026-09-30, and regions since 2024 never had it (Systems Manager user guide,
 * setup-create-vpc).
 */
const interfaceServices = [
  "autoscaling",
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "monitoring",
  "s3",
  "secretsmanager",
  "ssm",
  "ssmmessages",
  "sts",
];

function isInterface(endpoint: AwsObject): boolean {
  return text(endpoint.inputs, "vpcEndpointType") === "Interface";
}

function others({ cloud, self, inputs }: Request): AwsObject[] {
  const same = (property: string) => (other: AwsObject) =>
    text(other.inputs, property) === text(inputs, property);
  return cloud
    .ofType(types.vpcEndpoint)
    .filter((other) => other !== self)
    .filter(same("vpcId"))
    .filter(same("serviceName"));
}

function refusesGateway(request: Request, service: string): string | undefined {
  const { inputs } = request;
  if (!gatewayServices.includes(service)) {
    return "InvalidParameter: Endpoint type (Gateway) does not match available service types ([Interface]).";
  }
  if (texts(inputs, "subnetIds").length > 0) {
    return "InvalidParameter: Subnet IDs are only supported for Interface and Gateway Load Balancer type VPC Endpoints.";
  }
  const taken = new Set(others(request).flatMap((other) => texts(other.inputs, "routeTableIds")));
  const twice = texts(inputs, "routeTableIds").find((id) => taken.has(id));
  return (
    twice &&
    `RouteAlreadyExists: route table ${twice} already has a route with destination-prefix-list-id for ${service}`
  );
}

function refusesInterface(request: Request, service: string): string | undefined {
  const { inputs, cloud } = request;
  if (!interfaceServices.includes(service)) {
    return "InvalidParameter: Endpoint type (Interface) does not match available service types ([Gateway]).";
  }
  const subnets = texts(inputs, "subnetIds").map((id) => cloud.find(types.subnet, id));
  const zones = subnets.map((subnet) => text(subnet?.inputs ?? {}, "availabilityZone"));
  if (new Set(zones).size < zones.length) {
    return "DuplicateSubnetsInSameZone: Found multiple VPC endpoint subnets in the same availability zone";
  }
  if (at(inputs, "privateDnsEnabled") !== true) return undefined;
  const vpcId = text(inputs, "vpcId");
  const vpc = cloud.find(types.vpc, vpcId)?.outputs ?? {};
  if (at(vpc, "enableDnsSupport") !== true || at(vpc, "enableDnsHostnames") !== true) {
    return `InvalidParameter: Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpcId}`;
  }
  const taken = others(request).some((other) => at(other.inputs, "privateDnsEnabled") === true);
  return taken
    ? `InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${service}.${cloud.region}.amazonaws.com in the VPC ${vpcId}`
    : undefined;
}

function refusesEndpoint(request: Request): string | undefined {
  const { inputs, cloud } = request;
  const [, service] =
    new RegExp(`^com\\.amazonaws\\.${cloud.region}\\.([a-z0-9.-]+)$`).exec(text(inputs, "serviceName")) ?? [];
  if (service === undefined || ![...gatewayServices, ...interfaceServices].includes(service)) {
    return `InvalidServiceName: The Vpc Endpoint Service '${text(inputs, "serviceName")}' does not exist`;
  }
  return text(inputs, "vpcEndpointType") === "Interface"
    ? refusesInterface(request, service)
    : refusesGateway(request, service);
}

function attachInterfaces(endpoint: AwsObject, cloud: Cloud): void {
  if (!isInterface(endpoint)) return;
  const vpc = cloud.find(types.vpc, text(endpoint.inputs, "vpcId"));
  const groups = texts(endpoint.inputs, "securityGroupIds");
  const securityGroupIds = groups.length > 0 ? groups : texts(vpc?.outputs ?? {}, "defaultSecurityGroupId");
  for (const subnetId of texts(endpoint.inputs, "subnetIds")) {
    const id = resourceId("eni", `${endpoint.seed} in ${subnetId}`);
    attachInterface(cloud, endpoint, { id, subnetId, securityGroupIds });
  }
}

/** Ways to AWS's services, and records of the traffic. */
export const endpointRows: readonly Row[] = [
  {
    type: types.vpcEndpoint,
    requires: ["vpcId", "serviceName"],
    allows: [
      "vpcEndpointType",
      "routeTableIds",
      "subnetIds",
      "securityGroupIds",
      "privateDnsEnabled",
      "tags",
    ],
    references: [
      { property: "vpcId", ...toVpc, onDelete: "prevents" },
      { property: "routeTableIds", ...toRouteTable },
      { property: "subnetIds", ...toSubnet },
      { property: "securityGroupIds", ...toSecurityGroup },
    ],
    replaces: ["vpcId", "serviceName", "vpcEndpointType"],
    refuses: refusesEndpoint,
    id: "vpce",
    defaults: { vpcEndpointType: "Gateway", privateDnsEnabled: false },
    outputs: {
      arn: ({ cloud, id }) => cloud.arn("ec2", `vpc-endpoint/${id}`),
      state: () => "available",
      networkInterfaceIds: ({ object, inputs }) =>
        isInterface(object)
          ? texts(inputs, "subnetIds").map((subnetId) => resourceId("eni", `${object.seed} in ${subnetId}`))
          : [],
    },
    begins: attachInterfaces,
    creates: (endpoint, { activity }) =>
      activity.work(
        durations[types.vpcEndpoint].create +
          (isInterface(endpoint) ? milestones.interfaceEndpoint.seconds : 0),
      ),
  },
  {
    type: types.flowLog,
    requires: [],
    allows: [
      "vpcId",
      "trafficType",
      "logDestination",
      "logDestinationType",
      "iamRoleArn",
      "maxAggregationInterval",
      "tags",
    ],
    references: [
      { property: "vpcId", ...toVpc, onDelete: "goes" },
      {
        property: "logDestination",
        to: types.logGroup,
        by: "arn",
        missing: (arn) => `LogDestinationNotFoundException: LogDestination: ${arn} does not exist`,
      },
      { property: "iamRoleArn", ...toRole, by: "arn" },
    ],
    replaces: [
      "vpcId",
      "trafficType",
      "logDestination",
      "logDestinationType",
      "iamRoleArn",
      "maxAggregationInterval",
    ],
    problems: (inputs) => {
      const interval = number(inputs, "maxAggregationInterval") ?? 600;
      return [
        ...(interval === 60 || interval === 600
          ? []
          : [`expected maxAggregationInterval to be one of [60 600], got ${interval}`]),
        ...(isKnown(at(inputs, "trafficType")) &&
        !["ACCEPT", "REJECT", "ALL"].includes(text(inputs, "trafficType"))
          ? [
              `expected trafficType to be one of ["ACCEPT" "REJECT" "ALL"], got ${text(inputs, "trafficType")}`,
            ]
          : []),
      ];
    },
    id: "fl",
    defaults: { maxAggregationInterval: 600, logDestinationType: "cloud-watch-logs" },
    outputs: { arn: ({ cloud, id }) => cloud.arn("ec2", `vpc-flow-log/${id}`) },
  },
];
