import type * as pulumi from "@pulumi/pulumi";
import { EksAddon } from "../components/eksAddon.ts";
import { PodIdentity, type PodIdentityArgs } from "../components/podIdentity.ts";
import { addonsOf } from "../components/specs/addons.ts";
import { podIdentityAgent } from "../components/specs/podIdentity.ts";
import type { DataPath, DataPathParts } from "./dataPath.ts";
import { within } from "./place.ts";

type Credentials = Pick<PodIdentityArgs, "managedPolicyArns" | "namespace" | "serviceAccount" | "statements">;

/** The EKS add-ons of a stack, and AWS credentials for everything else in its cluster. */
export interface Addons {
  /** Resources that are complete once an add-on runs, by the add-on's name. */
  readonly running: Readonly<Record<string, pulumi.Resource>>;
  /**
   * Credentials for the pods of a service account; `<cluster>-<name>` is the role's name.
   * @throws Error when `usesPodIdentity` is not true for these settings, so that there is no agent
   */
  readonly credentials: (name: string, args: Credentials) => PodIdentity;
}

/** Installs the add-ons once Calico and DNS work; the Pod Identity agent does not need the cluster's DNS. */
export function addons(parts: DataPathParts, { inCluster, ready, working }: DataPath): Addons {
  const { place, settings, surroundings, awsProvider, controlPlane } = parts;
  const { cluster, tags } = settings;
  const running: Record<string, pulumi.Resource> = {};
  const wanted = addonsOf(settings);
  const install = (addonName: string, after: pulumi.Resource[]) => {
    const { version, configuration = {} } = wanted[addonName] ?? {};
    const addonVersion = version ?? surroundings.otherAddonVersions[addonName] ?? "";
    const { clusterName } = controlPlane;
    running[addonName] = new EksAddon(
      addonName,
      { clusterName, addonName, addonVersion, configuration, after, tags },
      inCluster,
    ).running;
  };
  const credentials = (name: string, args: Credentials) => {
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

  if (podIdentityAgent in wanted) install(podIdentityAgent, ready);
  for (const [name, { podIdentity }] of Object.entries(wanted)) {
    if (name === podIdentityAgent) continue;
    install(name, [...working, ...(podIdentity === undefined ? [] : credentials(name, podIdentity).ready)]);
  }
  for (const [name, identity] of Object.entries(settings.podIdentities)) credentials(`pod-${name}`, identity);
  return { running, credentials };
}
