import type * as aws from "@pulumi/aws";
import { Calico } from "../components/calico.ts";
import type { ControlPlane } from "../components/controlPlane.ts";
import { CoreDns } from "../components/coreDns.ts";
import { KubeProxy } from "../components/kubeProxy.ts";
import type { NodeFirewall } from "../components/nodeFirewall.ts";
import { NodePools } from "../components/nodePools.ts";
import type { NodeRole } from "../components/nodeRole.ts";
import { ReadyGate } from "../components/readyGate.ts";
import type { Settings, Surroundings } from "../components/rules/settings/settings.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";

export interface DataPathParts {
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly awsProvider: aws.Provider;
  readonly network: ClusterNetwork;
  readonly controlPlane: ControlPlane;
  readonly nodeRole: NodeRole;
  readonly firewall: NodeFirewall;
}

/** What moves packets: Calico and the nodes it runs on, then kube-proxy, then DNS, each behind its gate. */
export function dataPath(parts: DataPathParts): void {
  const { settings, surroundings, awsProvider, network, controlPlane, nodeRole, firewall } = parts;
  const { calico, cluster, kubeProxy, nodePools, tags } = settings;
  const { addonVersions, releases } = surroundings;
  const { clusterName, endpoint, kubernetesProvider } = controlPlane;
  // A destroy takes the cluster away as a whole; nothing in it waits for an operator that has no node to run on.
  const inCluster = { providers: [awsProvider, kubernetesProvider], deletedWith: controlPlane.cluster };

  const operator = new Calico("calico", { settings, endpoint }, inCluster);
  const pools = new NodePools(
    cluster.name,
    {
      clusterName,
      kubernetesVersion: cluster.kubernetesVersion,
      pools: nodePools,
      releases,
      roleArn: nodeRole.roleArn,
      subnetIds: network.nodeSubnetIds,
      securityGroupId: firewall.securityGroupId,
      // Beside the operator, never after it: each waits for the other while both run.
      after: [...network.wayOut, ...nodeRole.policies, ...firewall.rules, operator.endpointConfigMap],
      tags,
    },
    { providers: [awsProvider] },
  );
  const ready = new ReadyGate(
    "ready-gate",
    { settings, releases, after: [...operator.installed, ...pools.nodeGroups] },
    inCluster,
  );
  const { dataplaneGate } = operator;
  const proxy = new KubeProxy(
    "kube-proxy",
    { clusterName, mode: kubeProxy, addonVersion: addonVersions.kubeProxy, after: dataplaneGate, tags },
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
}
