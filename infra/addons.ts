import type * as pulumi from "@pulumi/pulumi";
import { EbsStorage, EksAddon, PodIdentity, type PodIdentityArgs } from "../components/eksAddons.ts";
import type { Settings } from "../components/settings/settings.ts";
import { addonsOf, ebsDriver, podIdentityAgent, versionOfAddon } from "../components/specs/addons.ts";
import type { DataPath, DataPathParts } from "./dataPath.ts";
import { within } from "./place.ts";

/** Resources that are complete once an add-on runs, by the add-on's name. */
export type Running = Readonly<Record<string, pulumi.Resource>>;

type Credentials = Pick<PodIdentityArgs, "managedPolicyArns" | "namespace" | "serviceAccount" | "statements">;

/** The EKS add-ons of a stack, and AWS credentials for everything else in its cluster. */
export interface Addons {
  readonly running: Running;
  /**
   * Credentials for the pods of a service account; `<cluster>-<name>` is the role's name.
   * @throws Error when `usesPodIdentity` is not true for these settings, so that there is no agent
   */
  readonly credentials: (name: string, args: Credentials) => PodIdentity;
}

/**
 * Installs the add-ons once Calico and DNS work; the Pod Identity agent does not need the cluster's DNS.
 * @param ofNodes the add-ons that came before the nodes
 */
export function addons(
  parts: DataPathParts,
  { inCluster, ready, working }: DataPath,
  ofNodes: Running = {},
): Addons {
  const { settings } = parts;
  const running: Record<string, pulumi.Resource> = { ...ofNodes };
  const wanted = addonsOf(settings);
  const install = (name: string, after: pulumi.Resource[]) => {
    running[name] ??= installAddon(name, parts, { inCluster, after });
  };
  const credentials = credentialsBy(parts, running);

  if (podIdentityAgent in wanted) install(podIdentityAgent, ready);
  for (const [name, { podIdentity }] of Object.entries(wanted)) {
    if (name in running) continue;
    install(name, [...working, ...(podIdentity === undefined ? [] : credentials(name, podIdentity).ready)]);
  }
  for (const [name, identity] of Object.entries(settings.podIdentities)) credentials(`pod-${name}`, identity);
  return { running, credentials };
}

/** Installs one EKS add-on of the stack; complete once it runs. */
export function installAddon(
  addonName: string,
  { settings, surroundings, controlPlane }: DataPathParts,
  { inCluster, after }: Pick<DataPath, "inCluster"> & { readonly after: pulumi.Resource[] },
): pulumi.Resource {
  const { configuration = {} } = addonsOf(settings)[addonName] ?? {};
  const { clusterName } = controlPlane;
  const addonVersion = versionOfAddon(addonName, settings, surroundings);
  const { tags } = settings;
  return new EksAddon(
    addonName,
    { clusterName, addonName, addonVersion, configuration, after, tags },
    inCluster,
  ).running;
}

/** Gives pods credentials by the agent among the running add-ons. */
export function credentialsBy(
  { place, settings, awsProvider, controlPlane }: DataPathParts,
  running: Running,
): Addons["credentials"] {
  const { cluster, tags } = settings;
  return (name, args) => {
    const agent = running[podIdentityAgent];
    if (agent === undefined) throw new Error(`${name} needs the add-on ${podIdentityAgent}`);
    return new PodIdentity(
      `${cluster.name}-${name}`,
      {
        ...args,
        clusterName: controlPlane.clusterName,
        deletedWith: controlPlane.cluster,
        permissionsBoundary: settings.iam.permissionsBoundary,
        agent,
        tags,
      },
      { ...within(place), providers: [awsProvider] },
    );
  };
}

/** The default class of volumes, when the stack has EBS volumes. */
export function storage(
  { storage: { ebs } }: Pick<Settings, "storage">,
  { inCluster }: Pick<DataPath, "inCluster">,
  { running }: Pick<Addons, "running">,
): void {
  const driver = running[ebsDriver];
  if (ebs && driver !== undefined) new EbsStorage("ebs-gp3", { driver }, inCluster);
}
