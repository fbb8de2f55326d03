import type { GraphResource } from "../../../../infra/commands/shared/graph.ts";

export function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::test::${type}::${name}`;
}

/** A resource of the state: `resource("aws:ec2/vpc:Vpc", "vpc", { dependsOn: [...] })`. */
export function resource(type: string, name: string, more: Partial<GraphResource> = {}): GraphResource {
  return {
    urn: urnOf(type, name),
    type,
    name,
    custom: true,
    parent: undefined,
    dependsOn: [],
    deletedWith: undefined,
    inputs: {},
    outputs: {},
    ...more,
  };
}

const [stackType, chartType] = ["pulumi:pulumi:Stack", "kubernetes:helm.sh/v4:Chart"] as const;
export const clusterType = "aws:eks/cluster:Cluster";
export const nodeGroupType = "aws:eks/nodeGroup:NodeGroup";
export const deploymentType = "kubernetes:apps/v1:Deployment";
export const installationType = "kubernetes:operator.tigera.io/v1:Installation";
const configMapType = "kubernetes:core/v1:ConfigMap";

/** A stack with what decides how long it takes: a cluster, the operator, two node groups, the Installation, an add-on. */
export function stack(): GraphResource[] {
  const root = resource(stackType, "test-dev", { custom: false });
  const cluster = resource(clusterType, "dev-eksCluster", { parent: root.urn });
  const inCluster = { deletedWith: cluster.urn };
  const vpc = resource("aws:ec2/vpc:Vpc", "dev-network", { parent: root.urn });
  const configMap = resource(configMapType, "endpoint", { dependsOn: [cluster.urn], ...inCluster });
  const chart = resource(chartType, "tigera-operator", {
    custom: false,
    dependsOn: [configMap.urn],
    parent: root.urn,
  });
  const operator = resource(deploymentType, "tigera-operator:tigera-operator/tigera-operator", {
    parent: chart.urn,
    inputs: { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } },
    ...inCluster,
  });
  const installation = resource(installationType, "installation", {
    dependsOn: [configMap.urn],
    ...inCluster,
  });
  const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "dev-default", {
    inputs: { blockDeviceMappings: [{ ebs: { volumeSize: 20 } }] },
  });
  const group = (name: string, dependsOn: string[]) =>
    resource(nodeGroupType, name, {
      dependsOn: [chart.urn, installation.urn, template.urn, ...dependsOn],
      inputs: { instanceTypes: ["m7i.large"], scalingConfig: { desiredSize: 2 } },
    });
  const first = group("dev-default", []);
  const second = group("dev-later", [first.urn]);
  return [
    root,
    vpc,
    { ...cluster, dependsOn: [vpc.urn] },
    configMap,
    chart,
    operator,
    installation,
    template,
    first,
    second,
    resource("aws:eks/addon:Addon", "dev-coredns", { dependsOn: [first.urn] }),
  ];
}
