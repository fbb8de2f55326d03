import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HelmChart } from "../components/helmCharts.ts";
import { InterruptionQueue, KarpenterNodes } from "../components/karpenter.ts";
import {
  autoscalerAccount,
  autoscalerStatements,
  autoscalerValues,
  isAutoscaled,
  pinnedChart,
} from "../components/specs/charts.ts";
import {
  karpenterAccount,
  karpenterStatements,
  karpenterValues,
  usesKarpenter,
} from "../components/specs/karpenter.ts";
import type { Addons } from "./addons.ts";
import type { DataPath, DataPathParts } from "./dataPath.ts";
import { within } from "./place.ts";

/** What changes the number of nodes after `up`; by default nothing. */
export function autoscaling(parts: DataPathParts, path: DataPath, extras: Addons): void {
  if (isAutoscaled(parts.settings)) clusterAutoscaler(parts, path, extras);
  if (usesKarpenter(parts.settings)) karpenter(parts, path, extras);
}

function clusterAutoscaler(
  { settings }: DataPathParts,
  { inCluster, working }: DataPath,
  { credentials }: Addons,
): void {
  const { ready } = credentials("autoscaler", {
    ...autoscalerAccount,
    statements: autoscalerStatements(settings.cluster.name),
  });
  new HelmChart(
    "cluster-autoscaler",
    {
      release: pinnedChart(settings, "cluster-autoscaler"),
      namespace: autoscalerAccount.namespace,
      values: autoscalerValues(settings),
    },
    { ...inCluster, dependsOn: [...working, ...ready] },
  );
}

function karpenter(parts: DataPathParts, { inCluster, working }: DataPath, { credentials }: Addons): void {
  const { awsProvider, firewall, network, nodeRole, place, settings, surroundings } = parts;
  const { cluster, region, tags } = settings;
  const { accountId, partition } = surroundings;
  const name = `${cluster.name}-karpenter`;
  const onAws = { ...within(place), providers: [awsProvider] };

  const { queueArn, queueName } = new InterruptionQueue(name, { tags }, onAws);
  const profile = new aws.iam.InstanceProfile(
    name,
    { role: nodeRole.roleName, tags: { ...tags } },
    { ...within(place), provider: awsProvider },
  );
  const statements = pulumi.all([nodeRole.roleArn, queueArn]).apply(([roleArn, arn]) =>
    karpenterStatements({
      partition,
      region,
      accountId,
      clusterName: cluster.name,
      nodeRoleArn: roleArn,
      queueArn: arn,
    }),
  );
  const { ready } = credentials("karpenter", { ...karpenterAccount, statements });
  const controller = new HelmChart(
    "karpenter",
    {
      release: pinnedChart(settings, "karpenter"),
      namespace: karpenterAccount.namespace,
      values: karpenterValues(settings, queueName),
    },
    { ...inCluster, dependsOn: [...working, ...ready] },
  );
  // Not deleted with the cluster: Karpenter has to end its nodes first, while everything that they need is there.
  const { deletedWith: _, ...deletedOneByOne } = inCluster;
  new KarpenterNodes(
    "karpenter",
    {
      pools: surroundings.pools,
      clusterName: cluster.name,
      instanceProfile: profile.name,
      subnetIds: network.nodeSubnetIds,
      securityGroupId: firewall.securityGroupId,
      after: [controller, ...ready, ...nodeRole.policies, ...firewall.rules, ...network.wayOut],
      tags,
    },
    deletedOneByOne,
  );
}
