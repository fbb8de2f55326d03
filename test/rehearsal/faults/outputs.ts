import type { Settings } from "../../../components/settings/settings.ts";
import type { World } from "../../simulator/world/world.ts";

type Outputs = Readonly<Record<string, unknown>>;

/** Outputs of a stack that differ from the cloud or the settings. */
export function wrongOutputs({ aws }: World, settings: Settings, outputs: Outputs): string[] {
  const { calico, cluster, kubeProxy, region } = settings;
  const [eks] = aws.ofType("aws:eks/cluster:Cluster");
  const endpoint = String(eks?.outputs["endpoint"]);
  const right: Outputs = {
    clusterName: cluster.name,
    clusterEndpoint: endpoint,
    region,
    kubernetesVersion: cluster.kubernetesVersion,
    calicoVersion: calico.version,
    dataplane: calico.dataplane,
    externalService: calico.externalService,
    kubeProxy,
  };
  const ids = (name: string) => [outputs[name]].flat().map(String);
  const absent = (name: string, type: string) =>
    ids(name)
      .filter((id) => aws.find(type, id) === undefined)
      .map((id) => `${name} is ${id}, which does not exist`);
  return [
    ...Object.entries(right)
      .filter(([name, value]) => outputs[name] !== value)
      .map(([name, value]) => `${name} is ${outputs[name]}, not ${value}`),
    ...absent("nodeSubnetIds", "aws:ec2/subnet:Subnet"),
    ...absent("nodeSecurityGroupId", "aws:ec2/securityGroup:SecurityGroup"),
    ...(String(outputs["kubeconfig"]).includes(endpoint) ? [] : ["kubeconfig does not name the endpoint"]),
  ];
}
