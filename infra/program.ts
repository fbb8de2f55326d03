import * as aws from "@pulumi/aws";
import { ControlPlane } from "../components/controlPlane.ts";
import { NodeFirewall } from "../components/nodeFirewall.ts";
import { NodeRole } from "../components/nodePool.ts";
import type { Settings } from "../components/settings/settings.ts";
import { clusterTag, withoutDsrForLoadBalancers } from "../components/specs/charts.ts";
import { nodeTraffic } from "../components/specs/firewall.ts";
import type { SchemaOf } from "./addonSchemas.ts";
import { addons, storage } from "./addons.ts";
import { autoscaling } from "./autoscaling.ts";
import { clusterNetwork } from "./clusterNetwork.ts";
import { dataPath } from "./dataPath.ts";
import { loadBalancers } from "./loadBalancers.ts";
import { lookUpSurroundings } from "./lookups.ts";
import { type Outputs, outputs } from "./outputs.ts";
import { type Place, within } from "./place.ts";
import { platform } from "./platform.ts";
import { podNetwork } from "./podNetwork.ts";
import { previousStack } from "./previous.ts";
import type { Watch } from "./readiness.ts";
import { awsProviderArgs, stackSettings } from "./settings.ts";
import { tellWhereToLook } from "./whereToLook.ts";

/**
 * What `pulumi up` runs, and what the rehearsal runs.
 * @param watch reads the cluster at the end. Default: nothing, so that a rehearsal requests nothing from a real API server
 * @param schemaOf asks EKS for schemas of add-ons. Default: nothing, so that a rehearsal requests nothing from AWS
 */
export async function program(watch?: Watch, schemaOf?: SchemaOf): Promise<Outputs> {
  const settings = stackSettings();
  const made = await createCluster(settings, { previous: previousStack }, watch, schemaOf);
  tellWhereToLook(`--stack ${settings.stack}`);
  return made;
}

/** Registers the whole cluster, in dependency order. */
export async function createCluster(
  requested: Settings,
  place: Place,
  watch?: Watch,
  schemaOf?: SchemaOf,
): Promise<Outputs> {
  const { account, cluster, project, profile, region, stack, tags } = requested;
  const { name } = cluster;
  const { nodePolicyArns, permissionsBoundary } = requested.iam;

  const awsProvider = new aws.Provider("aws", awsProviderArgs(requested), within(place));
  const onAws = { ...within(place), providers: [awsProvider] };
  const surroundings = await lookUpSurroundings(requested, awsProvider, place.previous, schemaOf);
  const settings = withoutDsrForLoadBalancers(requested, surroundings);
  const { accountId, partition } = surroundings;

  const network = clusterNetwork(`${name}-network`, settings, surroundings, onAws);
  const { controlPlaneSubnetIds, nodeSubnetIds, vpcCidrs, vpcId } = network;
  const controlPlane = new ControlPlane(
    name,
    {
      cluster,
      clusterIdentifier: `${project}/${stack}/${name}`,
      partition,
      profile,
      roleArn: account.roleArn,
      vpcId,
      subnetIds: controlPlaneSubnetIds,
      permissionsBoundary,
      awsProvider,
      tags,
    },
    // Pulumi's own protection makes the preview of a destroy fail. AWS's alone would hold only once the nodes are gone.
    { ...onAws, protect: cluster.deletionProtection },
  );
  const nodeRole = new NodeRole(
    `${name}-node`,
    {
      partition,
      region,
      accountId,
      nodeSubnetIds,
      permissionsBoundary,
      policyArns: nodePolicyArns,
      tags,
    },
    onAws,
  );
  const { securityGroupId: controlPlaneSecurityGroupId } = controlPlane;
  const firewall = new NodeFirewall(
    `${name}-node`,
    {
      vpcId,
      controlPlaneSecurityGroupId,
      traffic: nodeTraffic(settings, vpcCidrs),
      groupTags: settings.loadBalancers ? clusterTag(name) : {},
      tags,
    },
    onAws,
  );
  const parts = { place, settings, surroundings, awsProvider, network, controlPlane, nodeRole, firewall };
  const ofNodes = podNetwork(parts);
  const path = dataPath(parts, Object.values(ofNodes));
  const extras = addons(parts, path, ofNodes);
  loadBalancers(parts, path, extras);
  storage(settings, path, extras);
  autoscaling(parts, path, extras);
  platform(settings, network, path);
  const made = outputs(settings, surroundings, { controlPlane, network, nodeRole, firewall });
  return watch === undefined ? made : { ...made, kubeconfig: watch(made.kubeconfig, path.working, settings) };
}
