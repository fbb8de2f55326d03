import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { CalicoCrds, CalicoInstallation, CalicoOperator, Flows } from "../components/calico.ts";
import type { ControlPlane } from "../components/controlPlane.ts";
import { CoreDns } from "../components/coreDns.ts";
import { DataplaneGate, ReadyGate, StatusGates } from "../components/gates.ts";
import { KubeProxy } from "../components/kubeProxy.ts";
import type { NodeFirewall } from "../components/nodeFirewall.ts";
import type { NodeRole } from "../components/nodePool.ts";
import { NodePools } from "../components/nodePool.ts";
import type { Settings, Surroundings } from "../components/settings/settings.ts";
import { isAutoscaled } from "../components/specs/charts.ts";
import type { ClusterNetwork } from "./clusterNetwork.ts";
import { type Place, within } from "./place.ts";

export interface DataPathParts {
  readonly place: Place;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly awsProvider: aws.Provider;
  readonly network: ClusterNetwork;
  readonly controlPlane: ControlPlane;
  readonly nodeRole: NodeRole;
  readonly firewall: NodeFirewall;
}

/** What is installed in the cluster, and its dependencies. */
export interface DataPath {
  /** Options of everything in the cluster. */
  readonly inCluster: pulumi.ComponentResourceOptions;
  /** Complete once Calico is ready on every node. */
  readonly ready: pulumi.Resource[];
  /** Complete once Calico is ready on every node and DNS answers. */
  readonly working: pulumi.Resource[];
}

/** Options of everything in the cluster. A destroy deletes the cluster as a whole; nothing in it waits for an operator that has no node to run on. */
export function inClusterOptions({
  place,
  awsProvider,
  controlPlane,
}: Pick<DataPathParts, "awsProvider" | "controlPlane" | "place">): pulumi.ComponentResourceOptions {
  return {
    ...within(place),
    providers: [awsProvider, controlPlane.kubernetesProvider],
    deletedWith: controlPlane.cluster,
  };
}

/**
 * What forwards packets: Calico and the nodes it runs on, kube-proxy, then DNS. Anything that blocks until something else
 * works comes after everything that this needs has been submitted, so that it does not hold a slot of the engine that is needed.
 * @param beforeNodes what a node needs to become Ready, together with Calico
 */
export function dataPath(parts: DataPathParts, beforeNodes: readonly pulumi.Resource[] = []): DataPath {
  const { settings, surroundings, controlPlane } = parts;
  const inCluster = inClusterOptions(parts);
  const { definitions } = new CalicoCrds(
    "calico-crds",
    { calicoVersion: settings.calico.version, ofOperator: surroundings.crdsOfOperator },
    inCluster,
  );
  const calico = new CalicoOperator(
    "calico",
    { settings, endpoint: controlPlane.endpoint, crds: definitions },
    inCluster,
  );
  const { installed, kubeProxy, nodeGroups } = serving(parts, calico, beforeNodes);
  const ready = new ReadyGate(
    "ready-gate",
    { settings, pools: surroundings.pools, after: [...installed, ...nodeGroups] },
    inCluster,
  );
  const coreDns = new CoreDns(
    "coredns",
    {
      clusterName: controlPlane.clusterName,
      addonVersion: surroundings.addonVersions.coreDns,
      dataplane: settings.calico.dataplane,
      after: [ready.passed, ...kubeProxy.resources],
      tags: settings.tags,
    },
    inCluster,
  );
  new StatusGates("status-gates", { settings, after: [coreDns.running] }, inCluster);
  return { inCluster, ready: [ready.passed], working: [ready.passed, coreDns.running] };
}

/**
 * Calico's dataplane, the nodes and kube-proxy, in an order in which services are always served. A kube-proxy that should
 * run comes before the Installation, whatever the dataplane: it waits for neither operator nor node, so that a broken
 * cluster can be reversed. One that is removed or parked goes after the operator has switched.
 */
function serving(
  parts: DataPathParts,
  calico: CalicoOperator,
  beforeNodes: readonly pulumi.Resource[],
): { installed: pulumi.Resource[]; kubeProxy: KubeProxy; nodeGroups: pulumi.Resource[] } {
  const { settings, surroundings, controlPlane } = parts;
  const inCluster = inClusterOptions(parts);
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
  const runs = settings.kubeProxy === "Running" ? kubeProxy(calico.felixConfiguration) : undefined;
  const { installed } = new CalicoInstallation(
    "dataplane",
    { settings, after: [calico.felixConfiguration, ...(runs?.resources ?? [])] },
    inCluster,
  );
  const submitted = [calico.endpointConfigMap, calico.operator, ...installed];
  const nodeGroups = nodes(parts, [...submitted, ...beforeNodes]);
  const gate = new DataplaneGate(
    "dataplane-gate",
    { settings, after: [...submitted, ...nodeGroups] },
    inCluster,
  );
  const flows = settings.observability.flows
    ? new Flows("flows", { after: [...installed, gate.passed] }, inCluster).installed
    : [];
  return { installed: [...installed, ...flows], kubeProxy: runs ?? kubeProxy(gate.passed), nodeGroups };
}

/** The node groups. Each is complete once its nodes are Ready, which needs Calico. */
function nodes(
  { place, settings, surroundings, awsProvider, network, controlPlane, nodeRole, firewall }: DataPathParts,
  submitted: pulumi.Resource[],
): pulumi.Resource[] {
  const { cluster, tags } = settings;
  const pools = new NodePools(
    cluster.name,
    {
      clusterName: controlPlane.clusterName,
      kubernetesVersion: cluster.kubernetesVersion,
      pools: surroundings.pools,
      roleArn: nodeRole.roleArn,
      subnetIds: network.nodeSubnetIds,
      securityGroupId: firewall.securityGroupId,
      autoscaled: isAutoscaled(settings),
      after: [...network.wayOut, ...nodeRole.policies, ...firewall.rules, ...submitted],
      tags,
    },
    { ...within(place), providers: [awsProvider] },
  );
  return pools.nodeGroups;
}
