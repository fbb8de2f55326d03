import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refusedAccount, wrongAccount } from "../components/checks/account.ts";
import { isUnknownAddon } from "../components/checks/addons.ts";
import { surroundingsAdvice } from "../components/checks/advice.ts";
import { checkSurroundings } from "../components/checks/checks.ts";
import { vpcCniAdvice } from "../components/checks/vpcCni.ts";
import type {
  ExistingSubnet,
  NodePoolSettings,
  Previous,
  Settings,
  Surroundings,
} from "../components/settings/settings.ts";
import { addonsOf } from "../components/specs/addons.ts";
import { crdsOfOperator } from "../components/specs/calico.ts";
import { subnetRole } from "../components/specs/charts.ts";
import { poolAmi } from "../components/values/poolAmi.ts";
import { problemReport } from "../components/values/problem.ts";
import { addonSchemas, type SchemaOf } from "./addonSchemas.ts";
import { previousResources } from "./previous.ts";

/**
 * Looks up in AWS what the components need as plain values: account, zones, offerings, AMI releases, the existing network;
 * and in the stack its previous state. Registers nothing.
 * @param schemaOf asks EKS for schemas of add-ons; undefined: they are not checked
 * @throws pulumi.RunError with every problem that AWS's answers bring to light.
 */
export async function lookUpSurroundings(
  settings: Settings,
  provider: aws.Provider,
  previousOf: () => Promise<Previous | undefined>,
  schemaOf?: SchemaOf,
): Promise<Surroundings> {
  const options = { provider };
  const [
    identity,
    partition,
    zones,
    existing,
    pools,
    addonVersions,
    otherAddonVersions,
    previous,
    resources,
  ] = await Promise.all([
    aws.getCallerIdentity({}, options),
    aws.getPartition({}, options),
    // Local and Wavelength Zones that the account has opted into are available, too.
    aws.getAvailabilityZones(
      { state: "available", filters: [{ name: "zone-type", values: ["availability-zone"] }] },
      options,
    ),
    existingNetwork(settings, options),
    releasedPools(settings, options),
    versionsOfAddons(settings, options),
    versionsOfOtherAddons(settings, options),
    previousOf(),
    previousResources(),
  ]).catch((error: Error) => {
    throw explained(error, settings);
  });
  const surroundings: Surroundings = {
    accountId: identity.accountId,
    caller: identity.arn,
    partition: partition.partition,
    zones: zones.names.map((name, index) => ({ name, id: zones.zoneIds[index] ?? "" })),
    offerings: await offerings(settings, options),
    pools,
    addonVersions,
    otherAddonVersions,
    ...(schemaOf === undefined
      ? {}
      : { addonSchemas: await addonSchemas(settings, otherAddonVersions, schemaOf) }),
    existing,
    previous,
    crdsOfOperator: crdsOfOperator(resources, settings.calico.version),
  };
  const problems = checkSurroundings(settings, surroundings);
  if (problems.length > 0) {
    throw new pulumi.RunError(problemReport(problems, `the settings of stack ${settings.stack}`));
  }
  for (const line of [
    ...surroundingsAdvice(settings, surroundings),
    ...vpcCniAdvice(settings, surroundings),
  ]) {
    pulumi.log.warn(line);
  }
  return surroundings;
}

/** Rewords the AWS provider's error about a wrong account; passes on any other error. */
function explained(error: Error, { account, stack }: Settings): Error {
  const actual = refusedAccount(error.message);
  if (actual === undefined) return error;
  return new pulumi.RunError(
    problemReport([wrongAccount(account, actual)], `the settings of stack ${stack}`),
  );
}

/** Zone by zone, the instance types of the pools that it offers. */
async function offerings(
  settings: Settings,
  options: pulumi.InvokeOptions,
): Promise<Record<string, string[]>> {
  const values = [...new Set(Object.values(settings.nodePools).flatMap((pool) => pool.instanceTypes))];
  const found = await aws.ec2.getInstanceTypeOfferings(
    { locationType: "availability-zone", filters: [{ name: "instance-type", values: values.toSorted() }] },
    options,
  );
  const byZone: Record<string, string[]> = {};
  found.locations.forEach((zone, index) => {
    const type = found.instanceTypes[index];
    if (type !== undefined) byZone[zone] = [...(byZone[zone] ?? []), type];
  });
  return byZone;
}

async function releasedPools(
  settings: Settings,
  options: pulumi.InvokeOptions,
): Promise<Surroundings["pools"]> {
  const entries = Object.entries(settings.nodePools).map(async ([name, pool]) => {
    const amiRelease = pool.release === "latest" ? await latest(pool, settings, options) : pool.release;
    return [name, { ...pool, amiRelease }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function latest(
  pool: NodePoolSettings,
  { cluster }: Settings,
  options: pulumi.InvokeOptions,
): Promise<string> {
  const name = poolAmi(pool)
    .releaseParameter.replace("{kubernetes}", cluster.kubernetesVersion)
    .replace("{architecture}", pool.architecture);
  return (await aws.ssm.getParameter({ name }, options)).value;
}

/** EKS's default versions, so that an upgrade of Kubernetes also upgrades the add-ons. */
async function versionsOfAddons(
  { cluster }: Settings,
  options: pulumi.InvokeOptions,
): Promise<Surroundings["addonVersions"]> {
  const version = async (addonName: string) =>
    (await aws.eks.getAddonVersion({ addonName, kubernetesVersion: cluster.kubernetesVersion }, options))
      .version;
  const [coreDns, kubeProxy] = await Promise.all([version("coredns"), version("kube-proxy")]);
  return { coreDns, kubeProxy };
}

/** Undefined for an add-on that EKS does not have for the cluster's Kubernetes version. */
async function versionsOfOtherAddons(
  settings: Settings,
  options: pulumi.InvokeOptions,
): Promise<Surroundings["otherAddonVersions"]> {
  const { kubernetesVersion } = settings.cluster;
  const entries = Object.keys(addonsOf(settings)).map(async (addonName) => {
    const found = aws.eks.getAddonVersion({ addonName, kubernetesVersion }, options);
    const version = found.then((one) => one.version).catch(undefinedIfUnknown);
    return [addonName, await version] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function undefinedIfUnknown(error: Error): undefined {
  if (!isUnknownAddon(error.message)) throw error;
}

async function existingNetwork(
  { loadBalancers, network }: Settings,
  options: pulumi.InvokeOptions,
): Promise<Surroundings["existing"]> {
  if (network.existing === undefined) return undefined;
  const { vpcId, controlPlaneSubnetIds, nodeSubnetIds } = network.existing;
  const [vpc, loadBalancerSubnets, controlPlaneSubnets, nodeSubnets] = await Promise.all([
    aws.ec2.getVpc({ id: vpcId }, options),
    loadBalancers ? taggedSubnets(vpcId, subnetRole.public, options) : undefined,
    Promise.all(controlPlaneSubnetIds.map((id) => subnet(id, options))),
    Promise.all(nodeSubnetIds.map((id) => subnet(id, options))),
  ]);
  return {
    vpcCidr: vpc.cidrBlock,
    secondaryCidrs: vpc.cidrBlockAssociations
      .filter(({ cidrBlock, state }) => cidrBlock !== vpc.cidrBlock && state === "associated")
      .map(({ cidrBlock }) => cidrBlock),
    dnsSupport: vpc.enableDnsSupport,
    dnsHostnames: vpc.enableDnsHostnames,
    controlPlaneSubnets,
    nodeSubnets,
    ...(loadBalancerSubnets === undefined ? {} : { loadBalancerSubnets }),
  };
}

async function taggedSubnets(
  vpcId: string,
  tag: string,
  options: pulumi.InvokeOptions,
): Promise<ExistingSubnet[]> {
  const filters = [
    { name: "vpc-id", values: [vpcId] },
    { name: "tag-key", values: [tag] },
  ];
  const { ids } = await aws.ec2.getSubnets({ filters }, options);
  return Promise.all(ids.map((id) => subnet(id, options)));
}

async function subnet(id: string, options: pulumi.InvokeOptions): Promise<ExistingSubnet> {
  const found = await aws.ec2.getSubnet({ id }, options);
  return {
    id,
    vpcId: found.vpcId,
    zone: found.availabilityZone,
    zoneId: found.availabilityZoneId,
    cidr: found.cidrBlock,
  };
}
