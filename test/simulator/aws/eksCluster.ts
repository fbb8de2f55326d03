import { Buffer } from "node:buffer";
import { kubernetesVersions } from "./amis.ts";
import { endpointId, resourceId } from "./ids.ts";
import { refusesAccessCidrs } from "./limits.ts";
import type { AwsObject, Cloud, Request, Row, Zone } from "./model.ts";
import { attachInterface } from "./networkInterface.ts";
import { trusts } from "./policies.ts";
import { toAssumableRole, toSecurityGroup, toSubnet } from "./references.ts";
import { addManagedGroup } from "./securityGroups.ts";
import { types } from "./types.ts";
import { at, record, text, texts } from "./values.ts";

/** Zones that have no room for control planes, by id (EKS user guide, network-reqs). */
const zonesWithoutEks = ["use1-az3", "usw1-az2", "cac1-az3"];

/** What may follow each authentication mode: there is no way back. */
const modesAfter: Readonly<Record<string, readonly string[]>> = {
  CONFIG_MAP: ["CONFIG_MAP", "API_AND_CONFIG_MAP"],
  API_AND_CONFIG_MAP: ["API_AND_CONFIG_MAP", "API"],
  API: ["API"],
};

function clusterGroupId(cluster: AwsObject): string {
  return resourceId("sg", `cluster ${cluster.seed}`);
}

function subnetsOf({ inputs, cloud }: Pick<Request, "inputs" | "cloud">): AwsObject[] {
  return texts(inputs, "vpcConfig.subnetIds").flatMap((id) => cloud.find(types.subnet, id) ?? []);
}

function refusesSubnets(request: Request): string | undefined {
  const { inputs, cloud } = request;
  const subnets = subnetsOf(request);
  const zoneNames = subnets.map((subnet) => text(subnet.inputs, "availabilityZone"));
  const takesClusters = ({ id, type = "availability-zone" }: Zone) =>
    type === "availability-zone" && !zonesWithoutEks.includes(id);
  const excluded = cloud.zones.find((zone) => zoneNames.includes(zone.name) && !takesClusters(zone));
  if (excluded !== undefined) {
    const others = cloud.zones.filter(takesClusters).map(({ name }) => name);
    return `UnsupportedAvailabilityZoneException: Cannot create cluster '${text(inputs, "name")}' because ${excluded.name}, the targeted availability zone, does not currently have sufficient capacity to support the cluster. Retry and choose from these availability zones: ${others.join(", ")}`;
  }
  if (new Set(subnets.map((subnet) => text(subnet.inputs, "vpcId"))).size > 1) {
    return "InvalidParameterException: Subnets specified must belong to the same VPC";
  }
  return new Set(zoneNames).size < 2
    ? "InvalidParameterException: Subnets specified must be in at least two different AZs"
    : undefined;
}

function refusesVersion({ inputs, self }: Request): string | undefined {
  const version = text(inputs, "version");
  if (version !== "" && !kubernetesVersions.includes(version)) {
    return `InvalidParameterException: unsupported Kubernetes version ${version}`;
  }
  const before = self === undefined ? version : text(self.outputs, "version");
  const minor = (of: string) => Number(of.split(".").at(1));
  const steps = minor(version) - minor(before);
  return version !== "" && (steps < 0 || steps > 1)
    ? `InvalidParameterException: Unsupported Kubernetes minor version update from ${before} to ${version}`
    : undefined;
}

function refusesAuthentication({ inputs, self }: Request): string | undefined {
  if (self === undefined) return undefined;
  const [before, after] = [self.inputs, inputs].map(
    (of) => text(of, "accessConfig.authenticationMode") || "CONFIG_MAP",
  );
  return modesAfter[before ?? ""]?.includes(after ?? "")
    ? undefined
    : `InvalidParameterException: Unsupported authentication mode update from ${before} to ${after}`;
}

function refusesCluster(request: Request): string | undefined {
  const { inputs, cloud } = request;
  const roleArn = text(inputs, "roleArn");
  const role = cloud.ofType(types.role).find(({ outputs }) => text(outputs, "arn") === roleArn);
  if (role !== undefined && !trusts(at(role.inputs, "assumeRolePolicy"), "eks.amazonaws.com")) {
    return toAssumableRole.missing(roleArn);
  }
  if (
    at(inputs, "vpcConfig.endpointPublicAccess") === false &&
    at(inputs, "vpcConfig.endpointPrivateAccess") !== true
  ) {
    return "InvalidParameterException: Private and public endpoint access cannot be false";
  }
  return (
    refusesAccessCidrs(inputs) ??
    refusesSubnets(request) ??
    refusesVersion(request) ??
    refusesAuthentication(request)
  );
}

/** What EKS creates itself: its security group, its interfaces, the creator's access, a log group. */
function beginsCluster(cluster: AwsObject, cloud: Cloud): void {
  const { inputs, urn, id } = cluster;
  const vpcId = text(cluster.outputs, "vpcConfig.vpcId");
  const group = addManagedGroup(cloud, cluster, {
    id: clusterGroupId(cluster),
    name: `eks-cluster-sg-${id}`,
    vpcId,
    description:
      "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.",
  });
  const securityGroupIds = [group.id, ...texts(inputs, "vpcConfig.securityGroupIds")];
  for (const subnet of subnetsOf({ inputs, cloud })) {
    attachInterface(cloud, cluster, {
      id: resourceId("eni", `${cluster.seed} in ${subnet.id}`),
      subnetId: subnet.id,
      securityGroupIds,
    });
  }
  if (at(inputs, "accessConfig.bootstrapClusterCreatorAdminPermissions") !== false) {
    const entry = { clusterName: id, principalArn: cloud.principal };
    cloud.addManaged({
      type: types.accessEntry,
      id: `${id}:${cloud.principal}`,
      urn,
      owner: cluster,
      inputs: entry,
    });
  }
  const logGroup = `/aws/eks/${id}/cluster`;
  if (
    texts(inputs, "enabledClusterLogTypes").length > 0 &&
    cloud.find(types.logGroup, logGroup) === undefined
  ) {
    // Without an owner: EKS leaves it behind.
    cloud.addManaged({ type: types.logGroup, id: logGroup, urn, inputs: { name: logGroup } });
  }
}

export const clusterRow: Row = {
  type: types.cluster,
  requires: ["roleArn", "vpcConfig"],
  allows: [
    "name",
    "version",
    "accessConfig",
    "bootstrapSelfManagedAddons",
    "encryptionConfig",
    "kubernetesNetworkConfig",
    "upgradePolicy",
    "deletionProtection",
    "enabledClusterLogTypes",
    "tags",
  ],
  naming: { property: "name" },
  references: [
    { property: "roleArn", ...toAssumableRole },
    { property: "vpcConfig.subnetIds", ...toSubnet },
    { property: "vpcConfig.securityGroupIds", ...toSecurityGroup },
    {
      property: "encryptionConfig.provider.keyArn",
      to: types.key,
      by: "arn",
      missing: () => "InvalidParameterException: The keyArn in encryptionConfig provider is invalid",
    },
  ],
  replaces: ["name", "roleArn", "bootstrapSelfManagedAddons", "kubernetesNetworkConfig"],
  replacesWhen: (olds, news) => {
    const creator = "accessConfig.bootstrapClusterCreatorAdminPermissions";
    return [
      // Secrets can be encrypted later, but never again not be, nor with another key.
      ...("encryptionConfig" in olds ? ["encryptionConfig"] : []),
      ...(text(olds, creator) === text(news, creator) ? [] : ["accessConfig"]),
    ];
  },
  refuses: refusesCluster,
  id: (inputs) => text(inputs, "name"),
  duplicate: (name) => `ResourceInUseException: Cluster already exists with name: ${name}`,
  defaults: { deletionProtection: false, bootstrapSelfManagedAddons: true },
  outputs: {
    arn: ({ cloud, id }) => cloud.arn("eks", `cluster/${id}`),
    endpoint: ({ cloud, object }) =>
      `https://${endpointId(object.seed)}.gr7.${cloud.region}.eks.amazonaws.com`,
    identities: ({ cloud, object }) => [
      { oidcs: [{ issuer: `https://oidc.eks.${cloud.region}.amazonaws.com/id/${endpointId(object.seed)}` }] },
    ],
    certificateAuthority: ({ object }) => ({
      data: Buffer.from(`certificate of ${object.id}`).toString("base64"),
    }),
    version: ({ inputs }) => text(inputs, "version") || (kubernetesVersions.at(-1) ?? ""),
    platformVersion: () => "eks.1",
    status: () => "ACTIVE",
    vpcConfig: ({ inputs, cloud, object }) => ({
      ...record(inputs, "vpcConfig"),
      clusterSecurityGroupId: clusterGroupId(object),
      vpcId: text(subnetsOf({ inputs, cloud })[0]?.inputs ?? {}, "vpcId"),
    }),
  },
  held: () => "ResourceInUseException: Cluster has nodegroups attached",
  keeps: ({ id, inputs }) =>
    at(inputs, "deletionProtection") === true
      ? `InvalidRequestException: Cluster ${id} cannot be deleted while deletion protection is enabled`
      : undefined,
  begins: beginsCluster,
};
