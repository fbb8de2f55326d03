import * as aws from "@pulumi/aws";
import { ControlPlane } from "../components/controlPlane.ts";
import { NodeFirewall } from "../components/nodeFirewall.ts";
import { NodeRole } from "../components/nodeRole.ts";
import { nodeTraffic } from "../components/specs/firewall.ts";
import { clusterNetwork } from "./clusterNetwork.ts";
import { dataPath } from "./dataPath.ts";
import { lookUpSurroundings } from "./lookups.ts";
import { type Outputs, outputs } from "./outputs.ts";
import { platform } from "./platform.ts";
import type { Watch } from "./readiness.ts";
import { awsProviderArgs, stackSettings } from "./settings.ts";
import { tellWhereToLook } from "./whereToLook.ts";

/**
 * The whole cluster, in dependency order. What `pulumi up` runs, and what the rehearsal runs.
 * @param watch what looks at the cluster at the end. Default: nothing, so that a rehearsal asks no real API server
 */
export async function program(watch?: Watch): Promise<Outputs> {
  const settings = stackSettings();
  const { account, cluster, project, profile, region, stack, tags } = settings;
  const { name } = cluster;
  const { permissionsBoundary } = settings.iam;

  const awsProvider = new aws.Provider("aws", awsProviderArgs(settings));
  const onAws = { providers: [awsProvider] };
  const surroundings = await lookUpSurroundings(settings, awsProvider);
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
    { partition, region, accountId, nodeSubnetIds, permissionsBoundary, tags },
    onAws,
  );
  const { securityGroupId: controlPlaneSecurityGroupId } = controlPlane;
  const firewall = new NodeFirewall(
    `${name}-node`,
    { vpcId, controlPlaneSecurityGroupId, traffic: nodeTraffic(settings, vpcCidrs), tags },
    onAws,
  );
  const parts = { settings, surroundings, awsProvider, network, controlPlane, nodeRole, firewall };
  const inside = dataPath(parts);
  platform(settings, network, inside);
  tellWhereToLook(`--stack ${stack}`);
  const found = outputs(settings, surroundings, { controlPlane, nodeSubnetIds, firewall });
  return watch === undefined ? found : { ...found, kubeconfig: watch(found.kubeconfig, inside.working) };
}
