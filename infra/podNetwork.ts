import type * as pulumi from "@pulumi/pulumi";
import { VpcCni } from "../components/eksAddons.ts";
import { vpcCni } from "../components/facts/vpcCni.ts";
import { addonsOf, podIdentityAgent, versionOfAddon } from "../components/specs/addons.ts";
import { credentialsBy, installAddon, type Running } from "./addons.ts";
import { type DataPathParts, inClusterOptions } from "./dataPath.ts";

/**
 * The add-ons without which no node becomes Ready, by name: the AWS VPC CNI and the agent that gives it credentials, both on
 * the nodes' own network. None where Calico gives pods their addresses.
 */
export function podNetwork(parts: DataPathParts): Running {
  const { settings, surroundings, controlPlane } = parts;
  const addon = addonsOf(settings)[vpcCni.addonName];
  if (addon?.podIdentity === undefined) return {};
  const inCluster = inClusterOptions(parts);
  const agent: pulumi.Resource = installAddon(podIdentityAgent, parts, { inCluster, after: [] });
  const credentials = credentialsBy(parts, { [podIdentityAgent]: agent });
  const { running } = new VpcCni(
    vpcCni.addonName,
    {
      clusterName: controlPlane.clusterName,
      endpoint: controlPlane.endpoint,
      addonVersion: versionOfAddon(vpcCni.addonName, settings, surroundings),
      addon,
      after: credentials(vpcCni.addonName, addon.podIdentity).ready,
      tags: settings.tags,
    },
    inCluster,
  );
  return { [podIdentityAgent]: agent, [vpcCni.addonName]: running };
}
