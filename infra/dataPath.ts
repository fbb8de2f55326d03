import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Calico } from "../components/calico.ts";
import type { ControlPlane } from "../components/controlPlane.ts";
import { CoreDns } from "../components/coreDns.ts";
import { Dataplane } from "../components/dataplane.ts";
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

/** What goes into the cluster, and what it waits for. */
export interface DataPath {
  /** Options of whatever is in the cluster. */
  readonly inCluster: pulumi.ComponentResourceOptions;
  /** There once Calico is ready on every node and DNS answers. */
  readonly working: pulumi.Resource[];
}

/** What moves packets: Calico and the nodes it runs on, kube-proxy, then DNS, each behind its gate. */
export function dataPath(parts: DataPathParts): DataPath {
  const { settings, surroundings, awsProvider, network, controlPlane, nodeRole, firewall } = parts;
  const { cluster, nodePools, tags } = settings;
  const { addonVersions, releases } = surroundings;
  const { clusterName, endpoint, kubernetesProvider } = controlPlane;
  // A destroy takes the cluster away as a whole; nothing in it waits for an operator that has no node to run on.
  const inCluster = { providers: [awsProvider, kubernetesProvider], deletedWith: controlPlane.cluster };

  const calico = new Calico("calico", { settings, endpoint }, inCluster);
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
      after: [...network.wayOut, ...nodeRole.policies, ...firewall.rules, calico.endpointConfigMap],
      tags,
    },
    { providers: [awsProvider] },
  );
  const { dataplane, kubeProxy } = serving(parts, calico, inCluster);
  const ready = new ReadyGate(
    "ready-gate",
    { settings, releases, after: [...dataplane.installed, ...pools.nodeGroups] },
    inCluster,
  );
  const coreDns = new CoreDns(
    "coredns",
    {
      clusterName,
      addonVersion: addonVersions.coreDns,
      dataplane: settings.calico.dataplane,
      after: [ready.passed, ...kubeProxy.resources],
      tags,
    },
    inCluster,
  );
  return { inCluster, working: [ready.passed, coreDns.running] };
}

/**
 * Calico's dataplane and kube-proxy, in the order in which services are always served: what is to serve them comes first,
 * what served them before goes after it. Neither waits for health, so that a broken cluster can be reversed.
 */
function serving(
  { settings, surroundings, controlPlane }: DataPathParts,
  { felixConfiguration }: Calico,
  inCluster: pulumi.ComponentResourceOptions,
): { dataplane: Dataplane; kubeProxy: KubeProxy } {
  const dataplane = (...after: pulumi.Resource[]) =>
    new Dataplane("dataplane", { settings, after }, inCluster);
  const kubeProxy = (after: pulumi.Resource) =>
    new KubeProxy(
      "kube-proxy",
      {
        clusterName: controlPlane.clusterName,
        mode: settings.kubeProxy,
        addonVersion: surroundings.addonVersions.kubeProxy,
        after,
        tags: settings.tags,
      },
      inCluster,
    );
  if (settings.calico.dataplane === "BPF") {
    const on = dataplane(felixConfiguration);
    return { dataplane: on, kubeProxy: kubeProxy(on.gate) };
  }
  const serves = kubeProxy(felixConfiguration);
  return { dataplane: dataplane(felixConfiguration, ...serves.resources), kubeProxy: serves };
}
