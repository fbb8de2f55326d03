import * as aws from "@pulumi/aws";
import { Calico } from "../components/calico.ts";
import { ControlPlane } from "../components/controlPlane.ts";
import { CoreDns } from "../components/coreDns.ts";
import { KubeProxy } from "../components/kubeProxy.ts";
import { NodeFirewall } from "../components/nodeFirewall.ts";
import { NodePools } from "../components/nodePools.ts";
import { NodeRole } from "../components/nodeRole.ts";
import { ReadyGate } from "../components/readyGate.ts";
import { nodeTraffic } from "../components/rules/nodeTraffic.ts";
import { clusterNetwork } from "./clusterNetwork.ts";
import { lookUp } from "./lookups.ts";
import { type Outputs, outputs } from "./outputs.ts";
import { awsProviderArgs, stackSettings } from "./settings.ts";

/** The whole cluster, in dependency order. What `pulumi up` runs, and what the rehearsal runs. */
export async function program(): Promise<Outputs> {
  const settings = stackSettings();
  const { calico, cluster, kubeProxy, nodePools, tags } = settings;
  const { name } = cluster;

  const awsProvider = new aws.Provider("aws", awsProviderArgs(settings));
  const onAws = { providers: [awsProvider] };
  const surroundings = await lookUp(settings, awsProvider);
  const { accountId, addonVersions, partition, releases } = surroundings;

  const network = clusterNetwork(`${name}-network`, settings, surroundings, onAws);
  const { nodeSubnetIds, vpcId } = network;
  const controlPlane = new ControlPlane(
    name,
    {
      cluster,
      clusterIdentifier: `${settings.project}/${settings.stack}/${name}`,
      partition,
      profile: settings.profile,
      vpcId,
      subnetIds: network.controlPlaneSubnetIds,
      awsProvider,
      tags,
    },
    // Pulumi's own protection makes the preview of a destroy fail. AWS's alone would hold only once the nodes are gone.
    { ...onAws, protect: cluster.deletionProtection },
  );
  const { clusterName, endpoint, kubernetesProvider } = controlPlane;
  // A destroy takes the cluster away as a whole; nothing in it waits for an operator that has no node to run on.
  const inCluster = { providers: [awsProvider, kubernetesProvider], deletedWith: controlPlane.cluster };

  const nodeRole = new NodeRole(
    `${name}-node`,
    { partition, region: settings.region, accountId, nodeSubnetIds, tags },
    onAws,
  );
  const firewall = new NodeFirewall(
    `${name}-node`,
    {
      vpcId,
      controlPlaneSecurityGroupId: controlPlane.securityGroupId,
      traffic: nodeTraffic(settings, network.vpcCidr),
      tags,
    },
    onAws,
  );
  const installed = new Calico("calico", { settings, endpoint }, inCluster);
  const pools = new NodePools(
    name,
    {
      clusterName,
      kubernetesVersion: cluster.kubernetesVersion,
      pools: nodePools,
      releases,
      roleArn: nodeRole.roleArn,
      subnetIds: nodeSubnetIds,
      securityGroupId: firewall.securityGroupId,
      // Beside the operator, never after it: each waits for the other while both run.
      after: [...network.wayOut, ...nodeRole.policies, ...firewall.rules, installed.endpointConfigMap],
      tags,
    },
    onAws,
  );
  const ready = new ReadyGate(
    "ready-gate",
    { settings, after: [...installed.installed, ...pools.nodeGroups] },
    inCluster,
  );
  const proxy = new KubeProxy(
    "kube-proxy",
    {
      clusterName,
      mode: kubeProxy,
      addonVersion: addonVersions.kubeProxy,
      after: installed.dataplaneGate,
      tags,
    },
    inCluster,
  );
  new CoreDns(
    "coredns",
    {
      clusterName,
      addonVersion: addonVersions.coreDns,
      dataplane: calico.dataplane,
      after: [ready.passed, ...proxy.resources],
      tags,
    },
    inCluster,
  );
  return outputs(settings, { controlPlane, nodeSubnetIds, firewall });
}
